package io.ottla.replication;

import io.ottla.storage.TimestampOffset;
import io.ottla.types.Failure;

/** What ListOffsets finds: {@link TimestampOffset#NONE} where no record qualifies. */
public sealed interface ListedOffset {
    record Listed(TimestampOffset place) implements ListedOffset {}

    record Refused(Failure failure) implements ListedOffset {}
}
