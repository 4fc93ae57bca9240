package io.ottla.storage;

/** Where a log ends: the next offset, and the place in the active segment where its batch will begin. */
record LogEnd(long offset, LogSegment segment, int position) {}
