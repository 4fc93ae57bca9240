package io.ottla.console.records;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A field of what coordinators keep.
 *
 * @param type such as {@code int32}; empty for a structure
 * @param fields of a structure
 * @param tag -1 for a field that is always there
 * @param since the first version that has it
 * @param until the last one
 */
record CoordinatorField(
        String name,
        String type,
        List<CoordinatorField> fields,
        boolean list,
        boolean nullable,
        int tag,
        int since,
        int until) {
    private static final Pattern NAME = Pattern.compile("\\s*(\\w+):(\\[])?");
    private static final Pattern TYPE = Pattern.compile("\\w+");
    private static final Pattern REST = Pattern.compile("(\\?)?(?:@(\\d+))?(?:\\+(\\d+))?(?:-(\\d+))?");

    boolean isStructure() {
        return type.isEmpty();
    }

    /** Reads fields as {@code coordinators.txt} writes them. */
    static List<CoordinatorField> parse(String text) {
        int[] at = {0};
        return fields(text, at);
    }

    private static List<CoordinatorField> fields(String text, int[] at) {
        List<CoordinatorField> fields = new ArrayList<>();
        Matcher name = NAME.matcher(text);
        while (name.region(at[0], text.length()).lookingAt()) {
            at[0] = name.end();
            String type = "";
            List<CoordinatorField> inner = List.of();
            if (text.charAt(at[0]) == '(') {
                at[0]++;
                inner = fields(text, at);
                at[0]++;
            } else {
                Matcher plain = TYPE.matcher(text).region(at[0], text.length());
                if (!plain.lookingAt()) {
                    throw new IllegalArgumentException("Expected a type at " + at[0] + " of " + text);
                }
                type = plain.group();
                at[0] = plain.end();
            }
            Matcher rest = REST.matcher(text).region(at[0], text.length());
            if (!rest.lookingAt()) {
                throw new IllegalArgumentException("Expected the rest of a field at " + at[0] + " of " + text);
            }
            at[0] = rest.end();
            fields.add(new CoordinatorField(
                    name.group(1),
                    type,
                    inner,
                    name.group(2) != null,
                    rest.group(1) != null,
                    number(rest.group(2), -1),
                    number(rest.group(3), 0),
                    number(rest.group(4), Integer.MAX_VALUE)));
        }
        return List.copyOf(fields);
    }

    private static int number(String text, int otherwise) {
        return text == null ? otherwise : Integer.parseInt(text);
    }
}
