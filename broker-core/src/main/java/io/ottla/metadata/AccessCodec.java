package io.ottla.metadata;

import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.Compact;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Who may do what, as bytes. Numbers of kinds are Kafka's.
 *
 * <pre>
 *   acls     array of
 *     resource    int8 type, string name, int8 pattern
 *     entry       string principal, string host, int8 operation, int8 permission
 *     tagged fields
 *   scram    array of string user, map mechanism to text
 *   quotas   array of map entity, array of (string name, float64 value)
 *   tokens   map id to text
 *   tagged fields
 * </pre>
 */
final class AccessCodec {
    private AccessCodec() {}

    static void write(Writable to, AccessImage access) {
        Compact.writeCount(to, access.acls().size());
        access.acls().forEach(acl -> write(to, acl));
        Compact.writeCount(to, access.scram().size());
        access.scram().forEach((user, credentials) -> {
            Compact.writeString(to, user);
            SettingsCodec.write(to, credentials);
        });
        Compact.writeCount(to, access.quotas().size());
        access.quotas().forEach((entity, values) -> {
            SettingsCodec.write(to, entity);
            Compact.writeCount(to, values.size());
            values.forEach((name, value) -> {
                Compact.writeString(to, name);
                to.writeDouble(value);
            });
        });
        SettingsCodec.write(to, access.tokens());
        Compact.writeNoTags(to);
    }

    static AccessImage read(BoundedReadable from) {
        Set<AclBinding> acls = new HashSet<>();
        for (int left = Compact.readCount(from); left > 0; left--) {
            acls.add(readAcl(from));
        }
        Map<String, Map<String, String>> scram = new HashMap<>();
        for (int left = Compact.readCount(from); left > 0; left--) {
            scram.put(Compact.readString(from), SettingsCodec.readMap(from));
        }
        Map<Map<String, String>, Map<String, Double>> quotas = new HashMap<>();
        for (int left = Compact.readCount(from); left > 0; left--) {
            quotas.put(SettingsCodec.readMap(from), readQuota(from));
        }
        Map<String, String> tokens = SettingsCodec.readMap(from);
        Compact.skipTags(from);
        return new AccessImage(Set.copyOf(acls), Map.copyOf(scram), Map.copyOf(quotas), tokens);
    }

    private static Map<String, Double> readQuota(BoundedReadable from) {
        Map<String, Double> values = new HashMap<>();
        for (int left = Compact.readCount(from); left > 0; left--) {
            values.put(Compact.readString(from), from.readDouble());
        }
        return Map.copyOf(values);
    }

    private static void write(Writable to, AclBinding acl) {
        ResourcePattern pattern = acl.pattern();
        AccessControlEntry entry = acl.entry();
        to.writeByte(pattern.resourceType().code());
        Compact.writeString(to, pattern.name());
        to.writeByte(pattern.patternType().code());
        Compact.writeString(to, entry.principal());
        Compact.writeString(to, entry.host());
        to.writeByte(entry.operation().code());
        to.writeByte(entry.permissionType().code());
        Compact.writeNoTags(to);
    }

    private static AclBinding readAcl(BoundedReadable from) {
        ResourcePattern pattern = new ResourcePattern(
                ResourceType.fromCode(from.readByte()),
                Compact.readString(from),
                PatternType.fromCode(from.readByte()));
        AccessControlEntry entry = new AccessControlEntry(
                Compact.readString(from),
                Compact.readString(from),
                AclOperation.fromCode(from.readByte()),
                AclPermissionType.fromCode(from.readByte()));
        Compact.skipTags(from);
        return new AclBinding(pattern, entry);
    }
}
