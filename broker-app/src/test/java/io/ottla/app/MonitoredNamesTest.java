package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.Monitoring.Expression;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What alerts and dashboards ask for, ours and those that people have, against what a broker shows (docs/metrics.md). */
class MonitoredNamesTest {
    /** strimzi-kafka.json of Strimzi 0.45, without what Kubernetes itself shows. */
    private static final String STRIMZI_KAFKA = """
            kafka_server_brokertopicmetrics_bytesin_total
            kafka_server_brokertopicmetrics_bytesout_total
            kafka_server_brokertopicmetrics_messagesin_total
            kafka_server_brokertopicmetrics_totalproducerequests_total
            kafka_server_brokertopicmetrics_totalfetchrequests_total
            kafka_server_brokertopicmetrics_failedproducerequests_total
            kafka_server_brokertopicmetrics_failedfetchrequests_total
            kafka_server_replicamanager_partitioncount
            kafka_server_replicamanager_leadercount
            kafka_server_replicamanager_underreplicatedpartitions
            kafka_cluster_partition_underminisr
            kafka_cluster_partition_atminisr
            kafka_cluster_partition_replicascount
            kafka_controller_kafkacontroller_activecontrollercount
            kafka_controller_kafkacontroller_offlinepartitionscount
            kafka_controller_controllerstats_uncleanleaderelections_total
            kafka_log_log_size
            kafka_network_socketserver_networkprocessoravgidle_percent
            kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent
            kafka_server_kafkaserver_linux_disk_read_bytes
            kafka_server_kafkaserver_linux_disk_write_bytes
            kafka_server_socket_server_metrics_connection_count
            kafka_server_zookeeperclientmetrics_zookeeperrequestlatencyms
            jvm_memory_used_bytes
            jvm_gc_collection_seconds_count
            jvm_gc_collection_seconds_sum
            jvm_threads_current
            process_open_fds
            process_cpu_seconds_total
            jvm_memory_bytes_max
            kafka_server_replicamanager_underminisrpartitioncount
            kafka_log_logmanager_offlinelogdirectorycount
            """;

    /** strimzi-kafka-exporter.json, which kafka_exporter fills, and Lightbend's lag exporter. */
    private static final String EXPORTERS = """
            kafka_brokers
            kafka_broker_info
            kafka_topic_partitions
            kafka_topic_partition_current_offset
            kafka_topic_partition_oldest_offset
            kafka_topic_partition_in_sync_replica
            kafka_topic_partition_replicas
            kafka_topic_partition_leader
            kafka_topic_partition_leader_is_preferred
            kafka_topic_partition_under_replicated_partition
            kafka_consumergroup_current_offset
            kafka_consumergroup_lag
            kafka_consumergroup_current_offset_sum
            kafka_consumergroup_lag_sum
            kafka_consumergroup_members
            kafka_consumergroup_group_lag
            kafka_consumergroup_group_lag_seconds
            kafka_consumergroup_group_max_lag
            kafka_consumergroup_group_max_lag_seconds
            kafka_consumergroup_group_offset
            kafka_partition_latest_offset
            """;

    /** What Confluent's dashboards ask for beyond those, in Strimzi's spelling. */
    private static final String CONFLUENT = """
            kafka_network_requestmetrics_requests_total
            kafka_network_requestmetrics_totaltimems
            kafka_network_requestmetrics_requestqueuetimems
            kafka_network_requestmetrics_localtimems
            kafka_network_requestmetrics_remotetimems
            kafka_network_requestmetrics_responsequeuetimems
            kafka_network_requestmetrics_responsesendtimems
            kafka_network_requestmetrics_errors_total
            kafka_network_requestmetrics_deprecatedrequests_total
            kafka_network_requestchannel_requestqueuesize
            kafka_network_requestchannel_responsequeuesize
            kafka_network_acceptor_acceptorblocked_percent
            kafka_server_replicamanager_isrshrinks_total
            kafka_server_replicamanager_isrexpands_total
            kafka_server_replicafetchermanager_maxlag
            kafka_server_replicafetchermanager_minfetchrate
            kafka_controller_kafkacontroller_preferredreplicaimbalancecount
            kafka_controller_kafkacontroller_globaltopiccount
            kafka_controller_kafkacontroller_globalpartitioncount
            kafka_coordinator_group_groupmetadatamanager_numgroups
            kafka_coordinator_group_groupmetadatamanager_numgroupsstable
            kafka_coordinator_group_groupmetadatamanager_numgroupsempty
            kafka_coordinator_group_groupmetadatamanager_numgroupsdead
            kafka_coordinator_group_groupmetadatamanager_numgroupspreparingrebalance
            kafka_coordinator_group_groupmetadatamanager_numgroupscompletingrebalance
            kafka_server_fetchsessioncache_numincrementalfetchsessions
            kafka_server_fetchsessioncache_incrementalfetchsessionevictions_total
            kafka_server_fetchsessioncache_numincrementalfetchpartitionscached
            kafka_server_brokertopicmetrics_fetchmessageconversions_total
            kafka_server_brokertopicmetrics_producemessageconversions_total
            kafka_server_sessionexpirelistener_zookeeperdisconnects_total
            kafka_server_sessionexpirelistener_zookeeperexpires_total
            kafka_server_sessionexpirelistener_zookeepersyncconnects_total
            kafka_server_sessionexpirelistener_zookeeperauthfailures_total
            kafka_log_log_logstartoffset
            kafka_log_log_logendoffset
            kafka_log_log_tiersize
            kafka_server_kafkaserver_brokerstate
            kafka_server_produce_byte_rate
            kafka_server_produce_throttle_time
            kafka_server_fetch_byte_rate
            kafka_server_fetch_throttle_time
            kafka_server_request_request_time
            kafka_server_request_throttle_time
            kafka_server_transaction_coordinator_metrics_partition_load_time_avg
            kafka_server_transaction_coordinator_metrics_partition_load_time_max
            kafka_server_transaction_coordinator_metrics_transactional_id_count
            kafka_server_transaction_coordinator_metrics_transaction_timeout_count
            kafka_server_transaction_coordinator_metrics_transaction_timeout_rate
            kafka_server_transaction_coordinator_metrics_active_transaction_total_time_max
            kafka_server_transaction_coordinator_metrics_partitions_total_size
            kafka_server_transaction_coordinator_metrics_prepare_commit_to_complete_commit_latency
            zookeeper_avgrequestlatency
            zookeeper_outstandingrequests
            zookeeper_numaliveconnections
            zookeeper_quorumsize
            zookeeper_inmemorydatatree_nodecount
            zookeeper_inmemorydatatree_watchcount
            """;

    private static String family(String name) {
        return name.replaceAll("_seconds_(count|sum)$", "_seconds");
    }

    private static Set<String> missing(Stream<String> names) throws IOException {
        Set<String> missing = new TreeSet<>();
        Set<String> documented = Monitoring.documented();
        names.filter(name -> !documented.contains(family(name))).forEach(missing::add);
        return missing;
    }

    @Test
    void shouldAskForNoMetricThatABrokerDoesNotShow() throws IOException {
        List<Expression> all = Stream.concat(Monitoring.dashboards().stream(), Monitoring.rules().stream())
                .toList();
        assertThat(all).hasSizeGreaterThan(100).allSatisfy(expression -> {
            assertThat(expression.metrics()).as(expression.toString()).isNotEmpty();
            assertThat(missing(expression.metrics().stream()))
                    .as(expression.toString())
                    .isEmpty();
        });
    }

    @Test
    void shouldShowWhatStrimzisDashboardsAskFor() throws IOException {
        assertThat(missing(STRIMZI_KAFKA.lines())).isEmpty();
        assertThat(missing(EXPORTERS.lines())).isEmpty();
    }

    @Test
    void shouldShowWhatConfluentsDashboardsAskForOrSayWhyNot() throws IOException {
        assertThat(Monitoring.explained()).containsAll(missing(CONFLUENT.lines()));
    }

    @Test
    void shouldSayThatSomethingIsMissingOnlyWhereItIs() throws IOException {
        assertThat(Monitoring.explained()).hasSizeGreaterThan(10).doesNotContainAnyElementsOf(Monitoring.documented());
    }
}
