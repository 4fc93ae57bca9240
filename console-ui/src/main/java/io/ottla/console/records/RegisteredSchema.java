package io.ottla.console.records;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.ottla.console.words.Wording;
import org.apache.avro.Schema;

/** What a schema registry has under an id. */
sealed interface RegisteredSchema {
    record Avro(Schema schema) implements RegisteredSchema {}

    record Protobuf(FileDescriptor file) implements RegisteredSchema {}

    /** JSON; it is shown as it is, whether or not the schema likes it. */
    record OfJson() implements RegisteredSchema {}

    /** Nothing that could be used, and why. */
    record Unavailable(Wording why) implements RegisteredSchema {}
}
