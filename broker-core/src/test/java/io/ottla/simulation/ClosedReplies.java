package io.ottla.simulation;

import io.ottla.api.Reply;

/** Tells a reply that nobody waits for it any more. */
final class ClosedReplies {
    private ClosedReplies() {}

    static void tell(Reply<?> reply) {
        reply.hurry();
    }
}
