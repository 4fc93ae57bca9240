package io.ottla.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which values of its type a setting may have. */
public sealed interface ConfigRange {
    /** Why a value is not within; null where it is. */
    String refusal(Object value);

    /** The range for people; empty where there is none. */
    String text();

    /** Every value. */
    record Any() implements ConfigRange {
        @Override
        public String refusal(Object value) {
            return null;
        }

        @Override
        public String text() {
            return "";
        }
    }

    /**
     * Numbers between two, both included.
     *
     * @param most null for no upper end
     * @param also one more number that is allowed; null for none
     */
    record Between(Number least, Number most, Long also) implements ConfigRange {
        @Override
        public String refusal(Object value) {
            double number = ((Number) value).doubleValue();
            boolean within = number >= least.doubleValue() && (most == null || number <= most.doubleValue());
            return within || also != null && number == also ? null : "Expected " + text();
        }

        @Override
        public String text() {
            String ends = most == null ? least + " or more" : least + " to " + most;
            return also == null ? ends : ends + ", or " + also;
        }
    }

    /**
     * Numbers above one, which is not included, up to another, which is.
     *
     * @param most null for no upper end
     */
    record Above(Number bound, Number most) implements ConfigRange {
        @Override
        public String refusal(Object value) {
            double number = ((Number) value).doubleValue();
            boolean within = number > bound.doubleValue() && (most == null || number <= most.doubleValue());
            return within ? null : "Expected " + text();
        }

        @Override
        public String text() {
            return "above " + bound + (most == null ? "" : ", at most " + most);
        }
    }

    /** One of some words. */
    record OneOf(List<String> words, boolean anyCase) implements ConfigRange {
        @Override
        public String refusal(Object value) {
            for (String word : words) {
                if (anyCase ? word.equalsIgnoreCase((String) value) : word.equals(value)) {
                    return null;
                }
            }
            return "Expected " + text();
        }

        @Override
        public String text() {
            return "one of " + String.join(", ", words);
        }
    }

    /** A list of some words. */
    record EachOf(List<String> words) implements ConfigRange {
        @Override
        public String refusal(Object value) {
            return words.containsAll((List<?>) value) ? null : "Expected " + text();
        }

        @Override
        public String text() {
            return "each of " + String.join(", ", words);
        }
    }

    /** A text that is not empty. */
    record NotEmpty() implements ConfigRange {
        @Override
        public String refusal(Object value) {
            return value.toString().isEmpty() ? "Expected a value, but it is empty" : null;
        }

        @Override
        public String text() {
            return "not empty";
        }
    }

    /** A version of Kafka as brokers named them up to 4.0: {@code 2.8}, {@code 3.9-IV0}. */
    record KafkaVersion() implements ConfigRange {
        private static final Pattern VERSION =
                Pattern.compile("0\\.(8\\.[0-2]|9\\.0|1[01]\\.[0-2])([.-].*)?|[1-4]\\.\\d{1,3}([.-].*)?");

        @Override
        public String refusal(Object value) {
            return VERSION.matcher((String) value).matches() ? null : "Expected " + text();
        }

        @Override
        public String text() {
            return "a version of Kafka, from 0.8.0 to 4.0-IV1";
        }
    }

    /** {@code partition:broker} pairs, or {@code *} alone (KIP-73). */
    record ThrottledReplicas() implements ConfigRange {
        private static final Pattern PAIR = Pattern.compile("\\d+:\\d+");

        @Override
        public String refusal(Object value) {
            List<?> parts = (List<?>) value;
            if (parts.size() == 1 && parts.getFirst().equals("*")) {
                return null;
            }
            for (Object part : parts) {
                if (!PAIR.matcher((String) part).matches()) {
                    return "Expected " + text();
                }
            }
            return null;
        }

        @Override
        public String text() {
            return "* or partition:broker,partition:broker,…";
        }
    }

    /** Reads a range as the tables of settings write it. */
    static ConfigRange of(String text, ConfigType type) {
        return switch (text) {
            case "-", "not null" -> new Any();
            case "not empty" -> new NotEmpty();
            case "a Kafka version" -> new KafkaVersion();
            case "throttled replicas" -> new ThrottledReplicas();
            default -> wordsOrNumbers(text, type);
        };
    }

    private static ConfigRange wordsOrNumbers(String text, ConfigType type) {
        if (text.startsWith("one of (any case) ")) {
            return new OneOf(words(text.substring("one of (any case) ".length()).toLowerCase(Locale.ROOT)), true);
        }
        if (text.startsWith("one of ")) {
            return new OneOf(words(text.substring("one of ".length())), false);
        }
        if (text.startsWith("each of ")) {
            return new EachOf(words(text.substring("each of ".length())));
        }
        if (text.startsWith("above ")) {
            String[] ends = text.substring("above ".length()).split("\\.\\.", -1);
            return new Above(number(ends[0], type), ends.length == 1 ? null : number(ends[1], type));
        }
        int dots = text.indexOf("..");
        if (dots < 1) {
            throw new IllegalArgumentException("Expected a range, but it is '" + text + "'");
        }
        int or = text.indexOf(" or ");
        String most = text.substring(dots + 2, or < 0 ? text.length() : or);
        return new Between(
                number(text.substring(0, dots), type),
                most.isEmpty() ? null : number(most, type),
                or < 0 ? null : Long.valueOf(text.substring(or + 4)));
    }

    private static Number number(String text, ConfigType type) {
        if (type == ConfigType.DOUBLE && text.indexOf('.') >= 0) {
            return Double.valueOf(text);
        }
        return Long.valueOf(text);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.split(",", -1)) {
            words.add(word.strip());
        }
        return List.copyOf(words);
    }
}
