package io.ottla.console.acls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A short name for a list of rules, so that what is deleted is what was shown. */
final class Seen {
    private Seen() {}

    static String of(List<Acl> acls) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(AclText.csv(acls.stream().sorted(Acl.BY_RESOURCE).toList())
                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Expected SHA-256, which every JDK has.", impossible);
        }
    }
}
