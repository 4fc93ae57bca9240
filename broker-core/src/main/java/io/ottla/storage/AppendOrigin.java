package io.ottla.storage;

/** Whose records an append carries; it decides which checks of producer state apply. */
public sealed interface AppendOrigin
        permits AppendOrigin.Client, AppendOrigin.Coordinator, AppendOrigin.Offsets, VerifiedTransaction {
    /** A client's, outside of transactions. */
    AppendOrigin CLIENT = new Client();
    /** A coordinator's own records outside of transactions, or a marker by the first version of transactions. */
    AppendOrigin COORDINATOR = new Coordinator(0);

    /** A client's, outside of transactions: epoch and sequence are checked. */
    record Client() implements AppendOrigin {}

    /**
     * A coordinator's own records: they have no sequences.
     *
     * @param transactionVersion by which version of transactions a marker tells how one ended: from {@link #WITH_EPOCHS}
     *     on a marker whose epoch the log knows comes too late (KIP-890, KIP-1228)
     */
    record Coordinator(int transactionVersion) implements AppendOrigin {
        /** From this version of transactions on each has an epoch of its own. */
        public static final int WITH_EPOCHS = 2;

        boolean hasOwnEpoch() {
            return transactionVersion >= WITH_EPOCHS;
        }
    }

    /** A group coordinator's records in a client's transaction: its log counts no sequences. */
    record Offsets(VerifiedTransaction transaction) implements AppendOrigin {}
}
