package io.ottla.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.AlterClientQuotasResult;
import org.apache.kafka.clients.admin.AlterUserScramCredentialsResult;
import org.apache.kafka.clients.admin.DescribeClientQuotasResult;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.SecurityAnswers;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.CredentialInfo;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;

/** What a {@link TestingCluster} has of access rules, quotas, SCRAM users and transactions. */
public final class TestingSecurity {
    public final List<AclBinding> acls = new CopyOnWriteArrayList<>();
    public final Map<ClientQuotaEntity, Map<String, Double>> quotas = new HashMap<>();
    /** Iterations by mechanism by user. */
    public final Map<String, Map<Byte, Integer>> users = new TreeMap<>();

    public final List<String> passwords = new ArrayList<>();
    public final Map<String, TransactionDescription> transactions = new TreeMap<>();
    public final Map<TopicPartition, List<ProducerState>> producers = new HashMap<>();
    public final List<AbortTransactionSpec> aborted = new ArrayList<>();
    public final List<String> fenced = new ArrayList<>();

    /** By the beginning of the methods' names, such as {@code describeAcls}: fails what is asked. */
    public final Map<String, RuntimeException> failures = new HashMap<>();

    /** Puts everything back to nothing. */
    public void clear() {
        acls.clear();
        quotas.clear();
        users.clear();
        passwords.clear();
        transactions.clear();
        producers.clear();
        aborted.clear();
        fenced.clear();
        failures.clear();
    }

    /** A transaction that its coordinator, broker 2, has open in these partitions. */
    public void open(String id, long producer, TopicPartition... partitions) {
        transactions.put(
                id,
                new TransactionDescription(
                        2,
                        TransactionState.ONGOING,
                        producer,
                        3,
                        60_000,
                        OptionalLong.of(1_700_000_000_000L),
                        Set.of(partitions)));
        for (TopicPartition partition : partitions) {
            write(partition, producer, 42, 0);
        }
    }

    /** What a leader has of a producer with an open transaction. */
    public void write(TopicPartition partition, long producer, long start, long at) {
        producers
                .computeIfAbsent(partition, none -> new ArrayList<>())
                .add(new ProducerState(producer, 3, 7, at, OptionalInt.of(5), OptionalLong.of(start)));
    }

    @SuppressWarnings("unchecked")
    Object answer(String method, Object[] arguments) {
        return switch (method) {
            case "describeAcls" -> SecurityAnswers.acls(of(method, describeAcls((AclBindingFilter) arguments[0])));
            case "createAcls" -> createAcls((Collection<AclBinding>) arguments[0]);
            case "deleteAcls" -> deleteAcls((Collection<AclBindingFilter>) arguments[0]);
            case "describeClientQuotas" ->
                new DescribeClientQuotasResult(of(method, describeQuotas((ClientQuotaFilter) arguments[0])));
            case "alterClientQuotas" -> alterQuotas((Collection<ClientQuotaAlteration>) arguments[0]);
            case "describeUserScramCredentials" ->
                SecurityAnswers.users(
                        of(method, describeUsers(arguments == null ? List.of() : (List<String>) arguments[0])));
            case "alterUserScramCredentials" -> alterUsers((List<UserScramCredentialAlteration>) arguments[0]);
            case "listTransactions" ->
                SecurityAnswers.transactions(of(method, list((ListTransactionsOptions) arguments[0])));
            case "describeTransactions" -> describe((Collection<String>) arguments[0]);
            case "describeProducers" -> describeProducers((Collection<TopicPartition>) arguments[0]);
            case "abortTransaction" -> {
                AbortTransactionSpec spec = (AbortTransactionSpec) arguments[0];
                aborted.add(spec);
                producers.remove(spec.topicPartition());
                yield SecurityAnswers.aborted(spec.topicPartition());
            }
            case "fenceProducers" -> {
                String id = ((Collection<String>) arguments[0]).iterator().next();
                fenced.add(id);
                transactions.remove(id);
                yield SecurityAnswers.fenced(id);
            }
            default -> throw new UnsupportedOperationException(method);
        };
    }

    private <T> KafkaFuture<T> of(String method, T value) {
        RuntimeException failure = failures.get(method);
        return failure == null ? KafkaFuture.completedFuture(value) : failed(failure);
    }

    private static <T> KafkaFuture<T> failed(Exception why) {
        KafkaFutureImpl<T> answer = new KafkaFutureImpl<>();
        answer.completeExceptionally(why);
        return answer;
    }

    private Collection<AclBinding> describeAcls(AclBindingFilter filter) {
        return acls.stream().filter(filter::matches).toList();
    }

    private Object createAcls(Collection<AclBinding> made) {
        Map<AclBinding, KafkaFuture<Void>> answers = new HashMap<>();
        for (AclBinding acl : made) {
            answers.put(acl, of("createAcls", null));
            if (!failures.containsKey("createAcls") && !acls.contains(acl)) {
                acls.add(acl);
            }
        }
        return SecurityAnswers.created(answers);
    }

    private Object deleteAcls(Collection<AclBindingFilter> filters) {
        Map<AclBindingFilter, List<AclBinding>> gone = new HashMap<>();
        for (AclBindingFilter filter : filters) {
            List<AclBinding> matching = acls.stream().filter(filter::matches).toList();
            acls.removeAll(matching);
            gone.put(filter, matching);
        }
        return SecurityAnswers.deleted(gone);
    }

    private Map<ClientQuotaEntity, Map<String, Double>> describeQuotas(ClientQuotaFilter filter) {
        Map<ClientQuotaEntity, Map<String, Double>> found = new HashMap<>();
        quotas.forEach((entity, limits) -> {
            boolean all = !filter.strict()
                    || entity.entries().size() == filter.components().size();
            for (ClientQuotaFilterComponent part : filter.components()) {
                all &= entity.entries().containsKey(part.entityType())
                        && part.match()
                                .equals(Optional.ofNullable(entity.entries().get(part.entityType())));
            }
            if (all) {
                found.put(entity, Map.copyOf(limits));
            }
        });
        return found;
    }

    private Object alterQuotas(Collection<ClientQuotaAlteration> alterations) {
        Map<ClientQuotaEntity, KafkaFuture<Void>> answers = new HashMap<>();
        for (ClientQuotaAlteration alteration : alterations) {
            answers.put(alteration.entity(), of("alterClientQuotas", null));
            Map<String, Double> limits = quotas.computeIfAbsent(alteration.entity(), none -> new HashMap<>());
            alteration.ops().forEach(op -> {
                if (op.value() == null) {
                    limits.remove(op.key());
                } else {
                    limits.put(op.key(), op.value());
                }
            });
            if (limits.isEmpty()) {
                quotas.remove(alteration.entity());
            }
        }
        return new AlterClientQuotasResult(answers);
    }

    private DescribeUserScramCredentialsResponseData describeUsers(List<String> names) {
        DescribeUserScramCredentialsResponseData data = new DescribeUserScramCredentialsResponseData();
        for (String name : names.isEmpty() ? users.keySet() : names) {
            DescribeUserScramCredentialsResult result = new DescribeUserScramCredentialsResult().setUser(name);
            Map<Byte, Integer> credentials = users.get(name);
            if (credentials == null) {
                result.setErrorCode(Errors.RESOURCE_NOT_FOUND.code());
            } else {
                credentials.forEach((mechanism, iterations) -> result.credentialInfos()
                        .add(new CredentialInfo().setMechanism(mechanism).setIterations(iterations)));
            }
            data.results().add(result);
        }
        return data;
    }

    private Object alterUsers(List<UserScramCredentialAlteration> alterations) {
        Map<String, KafkaFuture<Void>> answers = new HashMap<>();
        for (UserScramCredentialAlteration alteration : alterations) {
            answers.put(alteration.user(), of("alterUserScramCredentials", null));
            switch (alteration) {
                case UserScramCredentialUpsertion set -> {
                    passwords.add(new String(set.password(), StandardCharsets.UTF_8));
                    users.computeIfAbsent(set.user(), none -> new TreeMap<>())
                            .put(
                                    set.credentialInfo().mechanism().type(),
                                    set.credentialInfo().iterations());
                }
                case UserScramCredentialDeletion gone -> {
                    Map<Byte, Integer> has = users.getOrDefault(gone.user(), Map.of());
                    if (!has.containsKey(gone.mechanism().type())) {
                        answers.put(gone.user(), failed(new ResourceNotFoundException("no such credential")));
                    } else {
                        has.remove(gone.mechanism().type());
                        if (has.isEmpty()) {
                            users.remove(gone.user());
                        }
                    }
                }
                default -> throw new UnsupportedOperationException(alteration.toString());
            }
        }
        return new AlterUserScramCredentialsResult(answers);
    }

    private Map<Integer, KafkaFutureImpl<Collection<TransactionListing>>> list(ListTransactionsOptions options) {
        KafkaFutureImpl<Collection<TransactionListing>> all = new KafkaFutureImpl<>();
        all.complete(transactions.entrySet().stream()
                .filter(each -> options.filteredProducerIds().isEmpty()
                        || options.filteredProducerIds()
                                .contains(each.getValue().producerId()))
                .filter(each -> options.filteredStates().isEmpty()
                        || options.filteredStates().contains(each.getValue().state()))
                .map(each -> new TransactionListing(
                        each.getKey(),
                        each.getValue().producerId(),
                        each.getValue().state()))
                .toList());
        return Map.of(2, all);
    }

    private Object describe(Collection<String> ids) {
        Map<String, KafkaFuture<TransactionDescription>> answers = new HashMap<>();
        for (String id : ids) {
            TransactionDescription known = transactions.get(id);
            answers.put(
                    id,
                    known == null
                            ? failed(new TransactionalIdNotFoundException("no such id"))
                            : KafkaFuture.completedFuture(known));
        }
        return SecurityAnswers.descriptions(answers);
    }

    private Object describeProducers(Collection<TopicPartition> partitions) {
        Map<TopicPartition, KafkaFuture<PartitionProducerState>> answers = new HashMap<>();
        partitions.forEach(partition -> answers.put(
                partition,
                KafkaFuture.completedFuture(new PartitionProducerState(producers.getOrDefault(partition, List.of())))));
        return SecurityAnswers.producers(answers);
    }
}
