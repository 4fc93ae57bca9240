package io.ottla.console.abilities;

import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
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

    private Question() {}

    static KafkaFuture<?> ask(Admin admin, Ability ability) {
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
        };
    }
}
