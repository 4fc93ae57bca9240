package io.ottla.replication;

import io.ottla.config.TopicProperties;
import io.ottla.storage.LogFolder;
import io.ottla.storage.MovingLog;
import io.ottla.storage.PartitionLog;
import io.ottla.types.DeletedLog;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where logs come from: the storage room's folders. Thread-safe; nothing here blocks the caller. Calls for one
 * partition come one after the other, each when the one before has completed.
 */
public interface LogStore {
    /** All entries of {@code log.dirs}, also those that are offline. */
    List<LogFolder> folders();

    /**
     * Opens a partition's log, or makes one. Completes on the folder's pool; fails where no folder can hold it.
     *
     * @param id the topic's; a log of the same name with another id is set aside, and a new one made
     * @param isNew whether the partition has just come to this broker. Where not, its log may lie in a folder that is
     *     offline: while there is such a folder none is made, since an empty log in its place would lose records
     */
    CompletionStage<PartitionLog> open(TopicPartition partition, TopicId id, TopicProperties properties, boolean isNew);

    /**
     * Has a log lie in another folder, while it goes on being used. Of a partition that has none here yet: has it be made
     * there. Completes when a crash of this broker would not forget a log's move.
     *
     * @param folder an absolute path, of one of the {@link #folders()}
     * @return why not; null where it is on its way, or there
     */
    CompletionStage<Failure> move(TopicPartition partition, Path folder);

    /** The logs that are on their way. */
    List<MovingLog> moving();

    /** Deletes a log: it is out of the way when this completes, its files go later. */
    CompletionStage<Void> delete(PartitionLog log);

    /** All logs of this that the broker is known to hold are out of the way. */
    void cleared(DeletedLog deleted);
}
