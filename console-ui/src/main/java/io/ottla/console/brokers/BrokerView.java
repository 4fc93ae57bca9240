package io.ottla.console.brokers;

import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.BrokerLoad;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.clusters.LogFolder;
import io.ottla.console.clusters.Survey;
import io.ottla.console.rates.BrokerRates;
import java.util.List;
import java.util.Map;

/**
 * A broker as the pages show it.
 *
 * @param controller whether it is the controller
 * @param leaderShare leads this part of all partitions that have a leader, 0 to 100
 * @param rates what it does at the moment
 * @param listeners where it listens, empty where nobody tells
 */
public record BrokerView(
        Broker broker,
        boolean controller,
        BrokerLoad load,
        int leaderShare,
        List<LogFolder> folders,
        BrokerRates rates,
        List<String> listeners) {
    /** @param beside what is known of one of them, or null */
    static List<BrokerView> of(Survey survey, BesideBroker.Identity beside, Map<Integer, BrokerRates> rates) {
        int led = survey.loads().values().stream().mapToInt(BrokerLoad::leaders).sum();
        return survey.cluster().brokers().stream()
                .map(broker -> {
                    BrokerLoad load = survey.load(broker.id());
                    boolean known = beside != null
                            && beside.broker() == broker.id()
                            && beside.cluster().equals(survey.cluster().id());
                    return new BrokerView(
                            broker,
                            survey.cluster().controller().orElse(-1) == broker.id(),
                            load,
                            led == 0 ? 0 : Math.round(load.leaders() * 100f / led),
                            survey.foldersOf(broker.id()),
                            rates.getOrDefault(broker.id(), BrokerRates.UNKNOWN),
                            known ? beside.listeners() : List.of());
                })
                .toList();
    }

    /** Of its software; empty where nobody tells. */
    public String version() {
        return rates.version();
    }

    /** What the logs of all its folders take. */
    public long logBytes() {
        return folders.stream().mapToLong(LogFolder::logBytes).sum();
    }
}
