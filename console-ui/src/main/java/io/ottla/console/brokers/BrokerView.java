package io.ottla.console.brokers;

import io.ottla.console.clusters.BrokerLoad;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.clusters.LogFolder;
import io.ottla.console.clusters.Survey;
import java.util.List;

/**
 * A broker as the page shows it.
 *
 * @param controller whether it is the controller
 * @param leaderShare leads this part of all partitions that have a leader, 0 to 100
 */
public record BrokerView(Broker broker, boolean controller, BrokerLoad load, int leaderShare, List<LogFolder> folders) {
    static List<BrokerView> of(Survey survey) {
        int led = survey.loads().values().stream().mapToInt(BrokerLoad::leaders).sum();
        return survey.cluster().brokers().stream()
                .map(broker -> {
                    BrokerLoad load = survey.load(broker.id());
                    return new BrokerView(
                            broker,
                            survey.cluster().controller().orElse(-1) == broker.id(),
                            load,
                            led == 0 ? 0 : Math.round(load.leaders() * 100f / led),
                            survey.foldersOf(broker.id()));
                })
                .toList();
    }

    /** What the logs of all its folders take. */
    public long logBytes() {
        return folders.stream().mapToLong(LogFolder::logBytes).sum();
    }
}
