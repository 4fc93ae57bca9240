package io.ottla.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The settings of Kafka 3.9, as {@code bin/dump-kafka-configs} printed them from its jars. */
final class KafkaFacts {
    /** One line of them; {@code <null>} and {@code <none>} are written out. */
    record Fact(
            String name,
            String type,
            String defaultText,
            String importance,
            String range,
            boolean internal,
            String scope) {}

    private KafkaFacts() {}

    /** @param kind {@code broker} or {@code topic} */
    static List<Fact> of(String kind) {
        List<Fact> facts = new ArrayList<>();
        for (String line : ConfigTable.lines("kafka-3.9-configs.tsv")) {
            String[] columns = line.split("\t", -1);
            if (columns[0].equals(kind)) {
                facts.add(new Fact(
                        columns[1],
                        columns[2],
                        columns[3],
                        columns[4],
                        columns[5],
                        Boolean.parseBoolean(columns[6]),
                        columns[7]));
            }
        }
        return facts;
    }

    /** The broker's setting that is the default of each topic setting; {@code <none>} where there is none. */
    static Map<String, String> synonyms() {
        Map<String, String> synonyms = new HashMap<>();
        for (String line : ConfigTable.lines("kafka-3.9-configs.tsv")) {
            String[] columns = line.split("\t", -1);
            if (columns[0].equals("synonym")) {
                synonyms.put(columns[1], columns[2]);
            }
        }
        return synonyms;
    }
}
