package io.ottla.storage;

/** Whether a log knows that a producer's transaction may write to it. */
public sealed interface TransactionStanding permits VerifiedTransaction, UnverifiedTransaction {}
