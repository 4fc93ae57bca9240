package io.ottla.console.transactions;

import io.ottla.console.access.NamePattern;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.pages.Slice;
import io.ottla.console.words.Wording;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * Which transactions are listed: what an address says.
 *
 * @param text part of the id, or with {@code *} in it the whole of it
 * @param state empty for all
 * @param producer empty for all
 * @param seconds empty for all, else those that have been open for longer
 * @param page from 1
 */
public record TransactionQuery(String text, String state, String producer, String seconds, int page) {
    private static final int MAX_TEXT = 250;
    private static final int PAGE = 50;
    private static final long MAX_SECONDS = 10_000_000_000L;

    public static TransactionQuery of(Map<String, String> parameters) {
        String text = parameters.getOrDefault("q", "").strip();
        return new TransactionQuery(
                text.substring(0, Math.min(text.length(), MAX_TEXT)),
                parameters.getOrDefault("state", "").strip(),
                parameters.getOrDefault("producer", "").strip(),
                parameters.getOrDefault("seconds", "").strip(),
                Slice.page(parameters.get("page")));
    }

    /** What can be chosen of. */
    static List<TransactionState> states() {
        return Stream.of(TransactionState.values())
                .filter(state -> state != TransactionState.UNKNOWN)
                .toList();
    }

    /**
     * What the cluster is asked.
     *
     * @throws Mistyped naming the field that can't be what it is
     */
    ListTransactionsOptions options() {
        ListTransactionsOptions options = new ListTransactionsOptions();
        if (!state.isEmpty()) {
            options.filterStates(List.of(states().stream()
                    .filter(known -> known.name().equalsIgnoreCase(state)
                            || known.toString().equalsIgnoreCase(state))
                    .findFirst()
                    .orElseThrow(() -> new Mistyped(Wording.of(
                            "transactions.bad.state",
                            states().stream().map(Enum::name).collect(Collectors.joining(", ")),
                            state)))));
        }
        if (!producer.isEmpty()) {
            options.filterProducerIds(List.of(number("producer", producer, Long.MAX_VALUE)));
        }
        if (!seconds.isEmpty()) {
            options.filterOnDuration(1000 * number("seconds", seconds, MAX_SECONDS));
        }
        return options;
    }

    /**
     * The number that a field has.
     *
     * @throws Mistyped naming the field
     */
    static long number(String field, String text, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // Said below.
        }
        throw new Mistyped(Wording.of("transactions.bad.number", Wording.of("transactions." + field), text));
    }

    boolean matches(String id) {
        return text.contains("*")
                ? new NamePattern(text).matches(id)
                : id.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    Slice<Listed> slice(List<Listed> all) {
        return Slice.of(all, page, PAGE);
    }

    public boolean isFiltered() {
        return !(text + state + producer + seconds).isEmpty();
    }

    /** The parameters of another page. */
    public String onPage(int other) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("q", text);
        all.put("state", state);
        all.put("producer", producer);
        all.put("seconds", seconds);
        all.put("page", other > 1 ? Integer.toString(other) : "");
        return all.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> each.getKey() + "=" + Addresses.parameter(each.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }
}
