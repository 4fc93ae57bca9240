package io.ottla.console.records;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** Makes schemas of what a registry says of them: a schema with all that it refers to, the deepest first. Pure. */
final class SchemaFiles {
    /** A schema's text, and the name by which others refer to it. */
    record Text(String name, String schema) {}

    /** Those that come with every compiler and that no registry lists. */
    private static final Map<String, FileDescriptor> WELL_KNOWN = Stream.of(
                    AnyProto.getDescriptor(),
                    DurationProto.getDescriptor(),
                    EmptyProto.getDescriptor(),
                    FieldMaskProto.getDescriptor(),
                    StructProto.getDescriptor(),
                    TimestampProto.getDescriptor(),
                    WrappersProto.getDescriptor())
            .collect(Collectors.toMap(FileDescriptor::getName, Function.identity()));

    private SchemaFiles() {}

    static Schema avro(List<Text> deepestFirst) throws Malformed {
        try {
            Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION);
            parser.setValidateDefaults(false);
            Schema last = null;
            for (Text text : deepestFirst) {
                last = parser.parse(text.schema());
            }
            return last;
        } catch (AvroRuntimeException | StackOverflowError unusable) {
            throw new Malformed(String.valueOf(unusable.getMessage()));
        }
    }

    /** From descriptors of files in base64, which is how a registry tells them as {@code format=serialized}. */
    static FileDescriptor protobuf(List<Text> deepestFirst) throws Malformed {
        Map<String, FileDescriptor> known = new HashMap<>(WELL_KNOWN);
        FileDescriptor last = null;
        for (Text text : deepestFirst) {
            try {
                FileDescriptorProto proto = FileDescriptorProto.parseFrom(
                        Base64.getDecoder().decode(text.schema().strip()));
                List<FileDescriptor> imports = new ArrayList<>();
                for (String name : proto.getDependencyList()) {
                    if (known.containsKey(name)) {
                        imports.add(known.get(name));
                    }
                }
                last = FileDescriptor.buildFrom(proto, imports.toArray(FileDescriptor[]::new), true);
                known.put(text.name(), last);
            } catch (IllegalArgumentException
                    | InvalidProtocolBufferException
                    | DescriptorValidationException unusable) {
                throw new Malformed(String.valueOf(unusable.getMessage()));
            }
        }
        return last;
    }
}
