package io.ottla.console.abilities;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The smallest question about each {@link Ability}, with an answer of nothing. The Admin client keeps to itself what brokers
 * announce in ApiVersions; what it says is whether they announce what a question needs.
 */
final class Question {
    private static final String NOBODY = "ottla-console-asks-what-there-is";
    /** No topic may have such a name. */
    private static final String NO_TOPIC = NOBODY + "?";

    private static final int SOON_MS = 3_000;

    private Question() {}

    static CompletionStage<?> ask(Admin admin, Ability ability) {
        return ability == Ability.PRODUCERS
                ? admin.describeCluster().nodes().toCompletionStage().thenCompose(nodes -> producers(admin, nodes))
                : simple(admin, ability).toCompletionStage();
    }

    /** Asked of a broker that need not lead anything, about what can't be: it is known at once whether it knows the question. */
    private static CompletionStage<?> producers(Admin admin, Collection<Node> nodes) {
        int broker = nodes.stream().mapToInt(Node::id).max().orElseThrow(() -> new DisconnectException("no broker"));
        return admin.describeProducers(
                        List.of(new TopicPartition(NO_TOPIC, 0)),
                        new DescribeProducersOptions().brokerId(broker).timeoutMs(SOON_MS))
                .all()
                .toCompletionStage();
    }

    private static KafkaFuture<?> simple(Admin admin, Ability ability) {
        return switch (ability) {
            case ACLS ->
                admin.describeAcls(new AclBindingFilter(
                                new ResourcePatternFilter(ResourceType.TOPIC, NOBODY, PatternType.LITERAL),
                                new AccessControlEntryFilter(
                                        "User:" + NOBODY, null, AclOperation.ANY, AclPermissionType.ANY)))
                        .values();
            case QUOTAS ->
                admin.describeClientQuotas(ClientQuotaFilter.containsOnly(
                                List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.USER, NOBODY))))
                        .entities();
            case SCRAM -> admin.describeUserScramCredentials(List.of(NOBODY)).users();
            // Not describeTransactions: looking for the coordinator of an id makes the topic of transactions.
            case TRANSACTIONS ->
                admin.listTransactions(new ListTransactionsOptions().filterProducerIds(List.of(Long.MAX_VALUE)))
                        .all();
            case PRODUCERS -> throw new IllegalArgumentException("Expected a question of one step, but got " + ability);
        };
    }
}
