package org.apache.kafka.clients.admin;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.DeleteAclsResult.FilterResults;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.utils.internals.ProducerIdAndEpoch;

/** Answers of the Admin client about security and transactions, which only its own package can make. */
public final class SecurityAnswers {
    private SecurityAnswers() {}

    public static DescribeAclsResult acls(KafkaFuture<Collection<AclBinding>> answer) {
        return new DescribeAclsResult(answer);
    }

    public static CreateAclsResult created(Map<AclBinding, KafkaFuture<Void>> answers) {
        return new CreateAclsResult(answers);
    }

    public static DeleteAclsResult deleted(Map<AclBindingFilter, List<AclBinding>> gone) {
        Map<AclBindingFilter, KafkaFuture<FilterResults>> answers = new HashMap<>();
        gone.forEach((filter, acls) -> answers.put(
                filter,
                KafkaFuture.completedFuture(new FilterResults(acls.stream()
                        .map(acl -> new DeleteAclsResult.FilterResult(acl, null))
                        .toList()))));
        return new DeleteAclsResult(answers);
    }

    public static DescribeUserScramCredentialsResult users(
            KafkaFuture<DescribeUserScramCredentialsResponseData> answer) {
        return new DescribeUserScramCredentialsResult(answer);
    }

    public static ListTransactionsResult transactions(
            KafkaFuture<Map<Integer, KafkaFutureImpl<Collection<TransactionListing>>>> answer) {
        return new ListTransactionsResult(answer);
    }

    public static DescribeTransactionsResult descriptions(Map<String, KafkaFuture<TransactionDescription>> answers) {
        Map<CoordinatorKey, KafkaFuture<TransactionDescription>> byKey = new HashMap<>();
        answers.forEach((id, answer) -> byKey.put(CoordinatorKey.byTransactionalId(id), answer));
        return new DescribeTransactionsResult(byKey);
    }

    public static DescribeProducersResult producers(Map<TopicPartition, KafkaFuture<PartitionProducerState>> answers) {
        return new DescribeProducersResult(answers);
    }

    public static AbortTransactionResult aborted(TopicPartition partition) {
        return new AbortTransactionResult(Map.of(partition, KafkaFuture.completedFuture(null)));
    }

    public static FenceProducersResult fenced(String id) {
        return new FenceProducersResult(Map.of(
                CoordinatorKey.byTransactionalId(id),
                KafkaFuture.completedFuture(new ProducerIdAndEpoch(1, (short) 1))));
    }
}
