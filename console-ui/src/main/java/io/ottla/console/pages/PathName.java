package io.ottla.console.pages;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names in paths that no path can have as they are: groups, users and transactions may be called anything. What a server in
 * front, the web server or the firewall behind it would take for a part of the path's form, encoded or not, is written as
 * bytes of UTF-8 behind tildes: {@code a/b} as {@code a~2Fb}. So that nothing has to be let through that they refuse, and
 * whoever looks at a path sees the same parts. The empty name is a tilde alone.
 */
final class PathName {
    private static final String UNSAFE = "/\\%;~\u2028\u2029";
    private static final Pattern BYTES = Pattern.compile("(?:~[0-9A-Fa-f]{2})+");
    private static final Pattern DOTS = Pattern.compile("\\.{1,2}");
    private static final HexFormat HEX = HexFormat.of().withUpperCase().withPrefix("~");

    private PathName() {}

    /** As it is written in a path, but for what else is to be encoded there. */
    static String written(String name) {
        if (name.isEmpty()) {
            return "~";
        }
        boolean leadsElsewhere = DOTS.matcher(name).matches();
        StringBuilder written = new StringBuilder(name.length());
        name.codePoints().forEach(c -> {
            if (leadsElsewhere || UNSAFE.indexOf(c) >= 0 || Character.isISOControl(c)) {
                written.append(HEX.formatHex(Character.toString(c).getBytes(StandardCharsets.UTF_8)));
            } else {
                written.appendCodePoint(c);
            }
        });
        return written.toString();
    }

    /** The name that a part of a path stands for. A tilde that begins no byte, and bytes that are no text, are what they are. */
    static String read(String part) {
        if (part.equals("~")) {
            return "";
        }
        return part.indexOf('~') < 0
                ? part
                : BYTES.matcher(part).replaceAll(found -> Matcher.quoteReplacement(text(found.group())));
    }

    private static String text(String bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(HexFormat.of().parseHex(bytes.replace("~", ""))))
                    .toString();
        } catch (CharacterCodingException noText) {
            return bytes;
        }
    }
}
