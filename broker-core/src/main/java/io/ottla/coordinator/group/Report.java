package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.group.assign.Assignment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.Errors;

/**
 * A member of a consumer group that has reported, or joined, on the way to its answer, which may have to wait for topics
 * or targets. Answered once, by whoever comes first.
 */
final class Report {
    /** Who is answered, in the words of its protocol. */
    interface Asker {
        /** Told when what it rests on is stored. */
        void answer(ConsumerMember before, ConsumerMember after);

        void refuse(Errors error);
    }

    private final String group;
    private final String memberId;
    private final Assignment owned;
    private final boolean unsubscribed;
    private final GroupAsker client;
    private final Asker asker;
    private final AtomicBoolean done = new AtomicBoolean();

    /**
     * @param owned partitions that it says it reads; null where it does not say
     * @param unsubscribed whether it subscribes to other topics than before
     */
    Report(String group, String memberId, Assignment owned, boolean unsubscribed, GroupAsker client, Asker asker) {
        this.group = group;
        this.memberId = memberId;
        this.owned = owned;
        this.unsubscribed = unsubscribed;
        this.client = client;
        this.asker = asker;
    }

    String group() {
        return group;
    }

    String memberId() {
        return memberId;
    }

    Assignment owned() {
        return owned;
    }

    boolean unsubscribed() {
        return unsubscribed;
    }

    GroupAsker client() {
        return client;
    }

    boolean isDone() {
        return done.get();
    }

    void refuse(Errors error) {
        if (done.compareAndSet(false, true)) {
            asker.refuse(error);
        }
    }

    /** Gives the answer, or says why it could not be stored. */
    Answer answering(ConsumerMember before, ConsumerMember after) {
        return new Answer() {
            @Override
            public void give() {
                if (done.compareAndSet(false, true)) {
                    asker.answer(before, after);
                }
            }

            @Override
            public void refuse(Errors error) {
                Report.this.refuse(error);
            }
        };
    }

    /** Gives no answer yet, but says why what it will rest on could not be stored. */
    Answer awaiting() {
        return new Answer() {
            @Override
            public void give() {
                // It goes on when what it waits for has come.
            }

            @Override
            public void refuse(Errors error) {
                Report.this.refuse(error);
            }
        };
    }
}
