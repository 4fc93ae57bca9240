package io.ottla.console.abilities;

/** What a cluster may be able to do. What changes each of them came into Kafka together with what describes it. */
public enum Ability {
    /** DescribeAcls, CreateAcls, DeleteAcls (KIP-140). */
    ACLS,
    /** DescribeClientQuotas, AlterClientQuotas (KIP-546). */
    QUOTAS,
    /** DescribeUserScramCredentials, AlterUserScramCredentials (KIP-554). */
    SCRAM,
    /** ListTransactions, DescribeTransactions, DescribeProducers (KIP-664). */
    TRANSACTIONS
}
