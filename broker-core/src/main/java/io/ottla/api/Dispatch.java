package io.ottla.api;

/** What became of a frame. */
public sealed interface Dispatch permits Exchange, Dispatch.Unreadable {
    /**
     * It can't be answered, so the connection is closed with one log line.
     *
     * @param why what is wrong with which value, for the log
     */
    record Unreadable(String why) implements Dispatch {}
}
