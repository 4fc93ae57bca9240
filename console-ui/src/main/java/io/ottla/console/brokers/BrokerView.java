package io.ottla.console.brokers;

import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.BrokerLoad;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.clusters.LogFolder;
import io.ottla.console.clusters.Spread;
import io.ottla.console.clusters.Survey;
import io.ottla.console.rates.BrokerRates;
import java.util.List;
import java.util.Map;

/**
 * A broker as the pages show it.
 *
 * @param controller whether it is the controller
 * @param leaderShare leads this part of all partitions that have a leader, 0 to 100
 * @param skew how many percent more replicas than the mean of the live brokers it holds; below it less than 0
 * @param leaderSkew the same of the partitions that it leads
 * @param rates what it does at the moment
 * @param listeners where it listens, empty where nobody tells
 */
public record BrokerView(
        Broker broker,
        boolean controller,
        BrokerLoad load,
        int leaderShare,
        int skew,
        int leaderSkew,
        List<LogFolder> folders,
        BrokerRates rates,
        List<String> listeners) {
    /** @param beside what is known of one of them, or null */
    static List<BrokerView> of(Survey survey, BesideBroker.Identity beside, Map<Integer, BrokerRates> rates) {
        int led = survey.loads().values().stream().mapToInt(BrokerLoad::leaders).sum();
        int held =
                survey.loads().values().stream().mapToInt(BrokerLoad::replicas).sum();
        int live = survey.cluster().brokers().size();
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
                            Spread.aboveMean(load.replicas(), held, live),
                            Spread.aboveMean(load.leaders(), led, live),
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

    /** Such as "+12 %". */
    public static String signed(int percent) {
        return (percent > 0 ? "+" : percent < 0 ? "−" : "±") + Math.abs(percent) + " %";
    }

    public String skewText() {
        return signed(skew);
    }

    public String leaderSkewText() {
        return signed(leaderSkew);
    }

    /** What the logs of all its folders take. */
    public long logBytes() {
        return folders.stream().mapToLong(LogFolder::logBytes).sum();
    }
}
