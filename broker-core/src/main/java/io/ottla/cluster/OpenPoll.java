package io.ottla.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A poll on its way to its answer. */
public final class OpenPoll {
    private final MetadataPublisher publisher;
    private final PollQuestion question;
    private final CompletableFuture<PollAnswer.Complete> answer = new CompletableFuture<>();
    /** The rest belongs to the publisher's executor. */
    private long number = LeaseMachine.NO_POLL;

    private long dueNs;

    OpenPoll(MetadataPublisher publisher, PollQuestion question) {
        this.publisher = publisher;
        this.question = question;
    }

    /** Completes with the answer on the publisher's executor; never fails. */
    public CompletionStage<PollAnswer.Complete> answer() {
        return answer;
    }

    /** The connection that it came on is gone, answered or not. Any thread. */
    public void abandon() {
        publisher.abandoned(this);
    }

    /** Its server stops: the answer is wanted now. Any thread. */
    public void hurry() {
        publisher.hurried(this);
    }

    PollQuestion question() {
        return question;
    }

    void accepted(long as, long answerDueNs) {
        number = as;
        dueNs = answerDueNs;
    }

    long number() {
        return number;
    }

    long dueNs() {
        return dueNs;
    }

    void answer(PollAnswer.Complete with) {
        answer.complete(with);
    }
}
