package io.ottla.coordinator;

import java.util.ArrayDeque;

/**
 * About how many instructions a regular expression of RE2's syntax is compiled to: one for each character and each class,
 * and repetitions multiply what they repeat. What is no regular expression has some cost too. Not thread-safe.
 */
final class RegexCost {
    /** So much more than what is allowed that it does not matter how much. */
    private static final long MAX = 1L << 40;

    private final String regex;
    /** Of what stands before the open groups. */
    private final ArrayDeque<Long> outer = new ArrayDeque<>();
    /** Of what stands in the innermost open group, but for the last atom. */
    private long sum;
    /** Of the last atom, which a repetition repeats. */
    private long last;

    private int at;

    private RegexCost(String regex) {
        this.regex = regex;
    }

    static long of(String regex) {
        return new RegexCost(regex).cost();
    }

    private long cost() {
        while (at < regex.length()) {
            char c = regex.charAt(at);
            switch (c) {
                case '\\' -> escape();
                case '[' -> characterClass();
                case '(' -> {
                    outer.push(Math.min(MAX, sum + last));
                    sum = 0;
                    last = 0;
                }
                case ')' -> {
                    last = Math.min(MAX, sum + last + 1);
                    sum = outer.isEmpty() ? 0 : outer.pop();
                }
                case '{' -> repetition();
                case '*', '+', '?' -> last = Math.min(MAX, last + 1);
                default -> atom();
            }
            at++;
        }
        long all = sum + last;
        for (long before : outer) {
            all = Math.min(MAX, all + before);
        }
        return all;
    }

    private void atom() {
        sum = Math.min(MAX, sum + last);
        last = 1;
    }

    private void escape() {
        atom();
        at++;
        if (at >= regex.length()) {
            return;
        }
        char escaped = regex.charAt(at);
        if (escaped == 'Q') {
            int end = regex.indexOf("\\E", at);
            int to = end < 0 ? regex.length() : end + 1;
            sum += to - at;
            at = to;
        } else if ("pPx".indexOf(escaped) >= 0 && at + 1 < regex.length() && regex.charAt(at + 1) == '{') {
            int end = regex.indexOf('}', at);
            at = end < 0 ? regex.length() : end;
        }
    }

    /** A closing bracket that stands first is one of its characters. */
    private void characterClass() {
        atom();
        at++;
        if (at < regex.length() && regex.charAt(at) == '^') {
            at++;
        }
        boolean isFirst = true;
        while (at < regex.length() && (isFirst || regex.charAt(at) != ']')) {
            isFirst = false;
            if (regex.charAt(at) == '\\') {
                at++;
            } else if (regex.startsWith("[:", at)) {
                int end = regex.indexOf(":]", at);
                at = end < 0 ? at : end + 1;
            }
            at++;
        }
    }

    private void repetition() {
        int end = regex.indexOf('}', at);
        long most = 0;
        long number = 0;
        for (int i = at + 1; i < end; i++) {
            char c = regex.charAt(i);
            if (c >= '0' && c <= '9') {
                number = Math.min(MAX, number * 10 + c - '0');
                most = Math.max(most, number);
            } else if (c == ',') {
                number = 0;
            } else {
                end = -1;
            }
        }
        if (end < 0) {
            atom();
            return;
        }
        last = Math.min(MAX, Math.max(1, last) * Math.min(1 << 20, Math.max(1, most)));
        at = end;
    }
}
