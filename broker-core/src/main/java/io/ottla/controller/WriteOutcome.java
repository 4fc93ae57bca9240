package io.ottla.controller;

/** What became of a list of writes that are done together. */
public sealed interface WriteOutcome {
    /** All of them are done. */
    record Written() implements WriteOutcome {}

    /** None is done: what is in the store is not what the writer took it for. Read again, decide again. */
    record Conflict(String what) implements WriteOutcome {}

    /** None is done: another controller has been elected since. */
    record Deposed() implements WriteOutcome {}

    /** None is done, and none ever will be: one is larger than the store can take. */
    record TooLarge(String what) implements WriteOutcome {}

    /** All or none is done: the reply was lost. Read again before anything else. */
    record Unknown(String why) implements WriteOutcome {}
}
