package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The pages of access rules, quotas, SCRAM users and transactions. */
@ExtendWith(OutputCaptureExtension.class)
class SecurityPagesTest {
    private static final TestingCluster CLUSTER = new TestingCluster();
    private static final String ACLS = "/clusters/ottla/acls";
    private static final String QUOTAS = "/clusters/ottla/quotas";
    private static final String USERS = "/clusters/ottla/users";
    private static final String TRANSACTIONS = "/clusters/ottla/transactions";
    private static final Pattern SEEN = Pattern.compile("name=\"seen\" value=\"([0-9a-f]+)\"");
    private static final Pattern SECRET = Pattern.compile("id=\"secret\" value=\"([^\"]+)\"");

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        console = TestingConsole.start(TestingPassword.in(folder), CLUSTER);
        assertThat(console.logIn(TestingPassword.PASSWORD).statusCode()).isEqualTo(302);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @BeforeEach
    void fill() {
        CLUSTER.topics.clear();
        CLUSTER.with("orders", 6).with("payments", 3);
        CLUSTER.security.clear();
    }

    private static AclBinding acl(ResourceType type, String name, String principal) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry(principal, "*", AclOperation.READ, AclPermissionType.ALLOW));
    }

    @Test
    void shouldLeadToWhatTheClusterIsKnownToHave() throws Exception {
        await().untilAsserted(
                        () -> assertThat(console.get("/clusters/ottla/topics").body())
                                .contains("/clusters/ottla/transactions", "/clusters/ottla/security"));
        HttpResponse<String> security = console.get("/clusters/ottla/security");
        assertThat(security.headers().firstValue("Location")).contains(ACLS);
    }

    @Test
    void shouldFilterAndOrderRulesAndEscapeWhatIsInThem() throws Exception {
        // given
        CLUSTER.security.acls.add(acl(ResourceType.TOPIC, "orders", "User:<b>ann</b>"));
        CLUSTER.security.acls.add(acl(ResourceType.GROUP, "billing", "User:bob"));
        CLUSTER.security.acls.add(acl(ResourceType.TOPIC, "*", "User:carl"));

        // when, then
        assertThat(console.get(ACLS).body())
                .contains("User:&lt;b&gt;ann&lt;/b&gt;", "billing", "1–3 of 3 rules")
                .doesNotContain("<b>ann");
        assertThat(console.get(ACLS + "?principal=BOB").body())
                .contains("billing")
                .doesNotContain("orders");
        assertThat(console.get(ACLS + "?type=TOPIC").body()).contains("orders").doesNotContain("billing");
        assertThat(console.get(ACLS + "?type=TOPIC&name=orders&pattern=MATCH").body())
                .contains("User:carl", "ann")
                .doesNotContain("billing");
        String byPrincipal = console.get(ACLS + "?by=principal").body();
        assertThat(byPrincipal.indexOf("User:&lt;b")).isLessThan(byPrincipal.indexOf("User:bob"));
        assertThat(console.get(ACLS + "?type=%3Cscript%3E&operation=UNKNOWN&permission=%00")
                        .body())
                .contains("3 of 3");
        assertThat(console.get(ACLS + "?name=zzz").body()).contains("No rule is like this");
    }

    @Test
    void shouldMakeWhatAConsumerNeedsOnceItHasBeenSeen() throws Exception {
        // given
        Map<String, String> fields = Map.of(
                "as",
                "consumer",
                "principal",
                "ann",
                "topic",
                "orders",
                "group",
                "billing-",
                "groupPattern",
                "PREFIXED");

        // when
        String preview = console.submit(ACLS + "/create?as=consumer", ACLS + "/create", fields)
                .body();

        // then
        assertThat(preview).contains("4 new rules.", "User:ann", "billing-", "Create these 4");
        assertThat(CLUSTER.security.acls).isEmpty();

        // when
        Map<String, String> confirmed = new LinkedHashMap<>(fields);
        confirmed.put("confirmed", "true");
        HttpResponse<String> done = console.submit(ACLS + "/create?as=consumer", ACLS + "/create", confirmed);

        // then
        assertThat(done.headers().firstValue("Location")).contains(ACLS + "?created=4");
        assertThat(CLUSTER.security.acls).hasSize(4);
        assertThat(console.submit(ACLS + "/create?as=consumer", ACLS + "/create", fields)
                        .body())
                .contains("Nothing is new; 4 are there already.")
                .doesNotContain("name=\"confirmed\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one|name=orders&principal=User:|Expected a principal",
                "one|principal=ann|Expected a resource name",
                "one|principal=ann&type=CLUSTER&name=other|kafka-cluster",
                "one|principal=ann&name=x&operation=NOPE|NOPE",
                "consumer|principal=ann&topic=orders|Expected something in Group",
                "producer|principal=&topic=x|Expected a principal",
                "streams|principal=ann&inputs=a|Expected something in Application id",
                "admin|principal=ann|Expected something in Topics that begin with"
            })
    void shouldSayWhatIsWrongWithARuleAndKeepWhatWasTyped(String as, String typed, String said) throws Exception {
        // given
        Map<String, String> fields = new LinkedHashMap<>(Map.of("as", as, "host", "10.9.8.7"));
        for (String field : typed.split("&")) {
            fields.put(field.split("=", 2)[0], field.split("=", 2)[1]);
        }

        // when
        HttpResponse<String> page = console.submit(ACLS + "/create", ACLS + "/create", fields);

        // then
        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains(said, "10.9.8.7");
        assertThat(CLUSTER.security.acls).isEmpty();
    }

    @Test
    void shouldDeleteOnlyWhatWasShown() throws Exception {
        // given
        CLUSTER.security.acls.add(acl(ResourceType.TOPIC, "orders", "User:ann"));
        CLUSTER.security.acls.add(acl(ResourceType.TOPIC, "payments", "User:ann"));
        CLUSTER.security.acls.add(acl(ResourceType.TOPIC, "payments", "User:bob"));
        String page = console.get(ACLS + "/delete?principal=ann").body();
        Matcher seen = SEEN.matcher(page);
        assertThat(seen.find()).isTrue();
        assertThat(page).contains("These 2 rules are deleted", "orders").doesNotContain("User:bob");
        Map<String, String> form = new LinkedHashMap<>(Map.of("principal", "ann", "seen", seen.group(1), "typed", "3"));

        // when, then  the number is not the right one
        HttpResponse<String> wrong = console.submit(ACLS + "/delete?principal=ann", ACLS + "/delete", form);
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("Expected 2, the number of rules");

        // when, then  there are other rules meanwhile
        form.put("typed", "2");
        CLUSTER.security.acls.add(acl(ResourceType.GROUP, "g", "User:ann"));
        HttpResponse<String> changed = console.submit(ACLS + "/delete?principal=ann", ACLS + "/delete", form);
        assertThat(changed.statusCode()).isEqualTo(409);
        assertThat(changed.body()).contains("nothing is deleted yet");
        assertThat(CLUSTER.security.acls).hasSize(4);

        // when, then
        CLUSTER.security.acls.removeLast();
        HttpResponse<String> done = console.submit(ACLS + "/delete?principal=ann", ACLS + "/delete", form);
        assertThat(done.headers().firstValue("Location")).contains(ACLS + "?deleted=2");
        assertThat(CLUSTER.security.acls).containsExactly(acl(ResourceType.TOPIC, "payments", "User:bob"));
    }

    @Test
    void shouldBringBackWhatWasSaved() throws Exception {
        // given
        CLUSTER.security.acls.add(acl(ResourceType.GROUP, "a,\"b\"", "User:ann"));
        CLUSTER.security.acls.add(acl(ResourceType.TOPIC, "orders", "User:CN=x,OU=y"));
        String csv = console.get(ACLS + "/export.csv").body();
        String json = console.get(ACLS + "/export.json").body();
        assertThat(console.get(ACLS + "/export.csv").headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"acls-ottla.csv\"");

        for (String text : new String[] {csv, json}) {
            CLUSTER.security.acls.clear();

            // when
            assertThat(console.submit(ACLS + "/import", ACLS + "/import", Map.of("text", text))
                            .body())
                    .contains("2 new rules", "User:CN=x,OU=y");
            console.submit(ACLS + "/import", ACLS + "/import", Map.of("text", text, "confirmed", "true"));

            // then
            assertThat(CLUSTER.security.acls)
                    .containsExactlyInAnyOrder(
                            acl(ResourceType.GROUP, "a,\"b\"", "User:ann"),
                            acl(ResourceType.TOPIC, "orders", "User:CN=x,OU=y"));
        }
        HttpResponse<String> wrong =
                console.submit(ACLS + "/import", ACLS + "/import", Map.of("text", csv + "x,y\r\n"));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("Expected 7 values in row 4, but got 2.", "x,y");
        assertThat(console.submit(ACLS + "/import", ACLS + "/import", Map.of("text", "{\"data\":[null]}"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void shouldSayWhatIsMissingAndWhatToDo() throws Exception {
        CLUSTER.security.failures.put("describeAcls", new SecurityDisabledException("No Authorizer is configured."));
        CLUSTER.security.failures.put("describeClientQuotas", new UnsupportedVersionException("no such API"));
        CLUSTER.security.failures.put("describeUserScramCredentials", new UnsupportedVersionException("no such API"));
        CLUSTER.security.failures.put("listTransactions", new UnsupportedVersionException("no such API"));

        assertThat(console.get(ACLS).body()).contains("authorizer.class.name").doesNotContain("Create rules");
        assertThat(console.get(QUOTAS).body()).contains("DescribeClientQuotas");
        assertThat(console.get(USERS).body()).contains("DescribeUserScramCredentials");
        assertThat(console.get(TRANSACTIONS).body()).contains("ListTransactions");

        CLUSTER.security.failures.put(
                "describeAcls", new ClusterAuthorizationException("Cluster authorization failed."));
        HttpResponse<String> denied = console.get(ACLS);
        assertThat(denied.statusCode()).isEqualTo(502);
        assertThat(denied.body()).contains("The account of the console may not do this");
    }

    @Test
    void shouldSetChangeAndTakeAwayQuotas() throws Exception {
        // when
        HttpResponse<String> set = console.submit(
                QUOTAS + "/edit",
                QUOTAS + "/edit",
                Map.of("user", "a&b", "default-client-id", "true", "producer_byte_rate", "1048576"));

        // then
        assertThat(set.statusCode()).isEqualTo(302);
        Map<String, String> who = new LinkedHashMap<>();
        who.put("user", "a&b");
        who.put("client-id", null);
        assertThat(CLUSTER.security.quotas)
                .containsEntry(new ClientQuotaEntity(who), Map.of("producer_byte_rate", 1048576.0));
        assertThat(console.get(QUOTAS).body()).contains("a&amp;b", "all others", "1.0 MiB/s", "user=a%26b");

        // when  the one is changed, and another added
        String edit = QUOTAS + "/edit?user=a%26b&default-client-id=true";
        assertThat(console.get(edit).body()).contains("value=\"1048576\"").doesNotContain("connection_creation_rate");
        console.submit(
                edit,
                QUOTAS + "/edit",
                Map.of(
                        "known",
                        "true",
                        "user",
                        "a&b",
                        "default-client-id",
                        "true",
                        "producer_byte_rate",
                        "",
                        "request_percentage",
                        "12.5"));

        // then
        assertThat(CLUSTER.security.quotas)
                .containsEntry(new ClientQuotaEntity(who), Map.of("request_percentage", 12.5));

        // when
        console.submit(
                edit,
                QUOTAS + "/remove",
                Map.of("user", "a&b", "default-client-id", "true", "key", "request_percentage"));

        // then
        assertThat(CLUSTER.security.quotas).isEmpty();
        assertThat(console.get(QUOTAS).body()).contains("There are no quotas");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "producer_byte_rate=5|Expected a user, a client id or an address",
                "user=ann&ip=10.0.0.1&producer_byte_rate=5|Expected an address by itself",
                "user=ann&default-user=true&producer_byte_rate=5|got both",
                "user=ann&producer_byte_rate=-1|Expected a number above 0",
                "user=ann&producer_byte_rate=much|much",
                "user=ann&producer_byte_rate=1.5|Expected a whole number",
                "user=ann&connection_creation_rate=5|Expected an address to limit",
                "ip=10.0.0.1&request_percentage=5|Expected a user or client id",
                "user=ann&request_percentage=NaN|Expected a number above 0",
                "user=ann|Expected a change"
            })
    void shouldSayWhatIsWrongWithAQuota(String typed, String said) throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : typed.split("&")) {
            fields.put(field.split("=", 2)[0], field.split("=", 2)[1]);
        }

        HttpResponse<String> page = console.submit(QUOTAS + "/edit", QUOTAS + "/edit", fields);

        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains(said);
        assertThat(CLUSTER.security.quotas).isEmpty();
    }

    @Test
    void shouldGiveUsersPasswordsThatNobodyElseSees(CapturedOutput output) throws Exception {
        // when
        HttpResponse<String> made = console.submit(
                USERS + "/password",
                USERS + "/password",
                Map.of("fresh", "true", "name", "ann", "SCRAM-SHA-512", "true", "iterations", "4096", "made", "true"));
        Matcher secret = SECRET.matcher(made.body());

        // then
        assertThat(secret.find()).isTrue();
        assertThat(secret.group(1)).hasSize(24);
        assertThat(made.headers().firstValue("Cache-Control")).get().asString().contains("no-store");
        assertThat(CLUSTER.security.passwords).containsExactly(secret.group(1));
        assertThat(CLUSTER.security.users).containsEntry("ann", Map.of((byte) 2, 4096));

        // when
        Map<String, String> typed = new LinkedHashMap<>(Map.of(
                "name",
                "ann",
                "SCRAM-SHA-256",
                "true",
                "iterations",
                "16384",
                "password",
                "s3cret-and-long",
                "again",
                "s3cret-and-long"));
        HttpResponse<String> renewed = console.submit(USERS + "/password?name=ann", USERS + "/password", typed);

        // then
        assertThat(renewed.headers().firstValue("Location")).contains(USERS + "?changed=ann");
        assertThat(console.get(USERS).body()).contains("SCRAM-SHA-256", "16,384 iterations", "SCRAM-SHA-512");
        typed.put("fresh", "true");
        HttpResponse<String> taken = console.submit(USERS + "/password", USERS + "/password", typed);
        assertThat(taken.statusCode()).isEqualTo(400);
        assertThat(taken.body()).contains("There is a user ann already").doesNotContain("s3cret-and-long");
        assertThat(output.getAll()).contains("edit-users DONE").doesNotContain("s3cret-and-long", secret.group(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=&SCRAM-SHA-512=true&iterations=4096&password=12345678&again=12345678|Expected a user name",
                "name=x&iterations=4096&password=12345678&again=12345678|Expected at least one mechanism",
                "name=x&SCRAM-SHA-512=true&iterations=4095&password=12345678&again=12345678|from 4096 to 16384",
                "name=x&SCRAM-SHA-512=true&iterations=16385&password=12345678&again=12345678|from 4096 to 16384",
                "name=x&SCRAM-SHA-512=true&iterations=many&password=12345678&again=12345678|many",
                "name=x&SCRAM-SHA-512=true&iterations=4096&password=12345678&again=1234567|not the same",
                "name=x&SCRAM-SHA-512=true&iterations=4096&password=1234567&again=1234567|Expected a password of 8"
            })
    void shouldSayWhatIsWrongWithAUser(String typed, String said) throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : typed.split("&")) {
            fields.put(field.split("=", 2)[0], field.split("=", 2)[1]);
        }

        HttpResponse<String> page = console.submit(USERS + "/password", USERS + "/password", fields);

        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains(said).doesNotContain("1234567");
        assertThat(CLUSTER.security.users).isEmpty();
    }

    @Test
    void shouldDeleteACredentialOnceTheNameIsTyped() throws Exception {
        // given
        CLUSTER.security.users.put("<i>", new TreeMap<>(Map.of((byte) 1, 4096)));
        String page = USERS + "/delete?name=%3Ci%3E&mechanism=SCRAM-SHA-256";
        assertThat(console.get(page).body())
                .contains("&lt;i&gt;", "which was the last")
                .doesNotContain("<i>");

        // when, then
        Map<String, String> form = new LinkedHashMap<>(Map.of("name", "<i>", "mechanism", "SCRAM-SHA-256"));
        assertThat(console.submit(page, USERS + "/delete", form).statusCode()).isEqualTo(400);
        form.put("typed", "<i>");
        assertThat(console.submit(page, USERS + "/delete", form).statusCode()).isEqualTo(302);
        assertThat(CLUSTER.security.users).isEmpty();
        assertThat(console.get(page).statusCode()).isEqualTo(404);
        CLUSTER.security.failures.put("alterUserScramCredentials", new InvalidRequestException("not today"));
        assertThat(console.submit(
                                USERS + "/password",
                                USERS + "/password",
                                Map.of("name", "x", "SCRAM-SHA-512", "true", "iterations", "4096", "made", "true"))
                        .body())
                .contains("not today");
    }

    @Test
    void shouldListDescribeAndAbortTransactions() throws Exception {
        // given
        CLUSTER.security.open("pay<1>", 77, new TopicPartition("orders", 2), new TopicPartition("hidden", 0));

        // when, then
        assertThat(console.get(TRANSACTIONS).body())
                .contains("pay&lt;1&gt;", "ongoing", ">77<", "1 min", "Broker 2")
                .doesNotContain("pay<1>");
        assertThat(console.get(TRANSACTIONS + "?q=pay*&state=ONGOING&producer=77")
                        .body())
                .contains("pay&lt;1&gt;");
        assertThat(console.get(TRANSACTIONS + "?state=EMPTY").body()).contains("No transaction is like this");
        HttpResponse<String> wrong = console.get(TRANSACTIONS + "?producer=x");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("Expected a whole number from 0 in Producer id");
        String one = TRANSACTIONS + "/one?id=pay%3C1%3E";
        assertThat(console.get(one).body()).contains("pay&lt;1&gt;", ">42<", "orders", "Abort");
        assertThat(console.get(TRANSACTIONS + "/one?id=no").statusCode()).isEqualTo(404);

        // when
        String abort = TRANSACTIONS + "/abort?id=pay%3C1%3E";
        Map<String, String> form = new LinkedHashMap<>(Map.of("id", "pay<1>", "typed", "pay"));
        assertThat(console.submit(abort, TRANSACTIONS + "/abort", form).statusCode())
                .isEqualTo(400);
        assertThat(CLUSTER.security.fenced).isEmpty();
        form.put("typed", "pay<1>");
        assertThat(console.submit(abort, TRANSACTIONS + "/abort", form).statusCode())
                .isEqualTo(302);

        // then
        assertThat(CLUSTER.security.fenced).containsExactly("pay<1>");
    }

    @Test
    void shouldFindWhatHangsAndAbortIt() throws Exception {
        // given  one that its coordinator knows, one that none knows, and one that is young
        CLUSTER.security.open("known", 1, new TopicPartition("orders", 0));
        CLUSTER.security.write(new TopicPartition("orders", 1), 2, 500, 0);
        CLUSTER.security.write(new TopicPartition("orders", 2), 3, 600, Long.MAX_VALUE / 2);
        String hanging = TRANSACTIONS + "/hanging";

        // when, then
        assertThat(console.get(hanging).body())
                .contains("up to 5,000 partitions")
                .doesNotContain("Nothing hangs");
        assertThat(console.get(hanging + "?topic=orders").body())
                .contains("6 partitions are looked into", "producer=2", ">500<")
                .doesNotContain("producer=1\"", ">600<");
        assertThat(console.get(hanging + "?topic=payments").body()).contains("Nothing hangs here");
        assertThat(console.get(hanging + "?topic=nope").statusCode()).isEqualTo(404);
        assertThat(console.get(hanging + "?topic=orders&minutes=x").statusCode())
                .isEqualTo(400);

        // when
        String abort = hanging + "/abort?topic=orders&partition=1&producer=2";
        Map<String, String> form =
                new LinkedHashMap<>(Map.of("topic", "orders", "partition", "1", "producer", "2", "typed", "orders"));
        assertThat(console.submit(abort, hanging + "/abort", form).statusCode()).isEqualTo(400);
        form.put("typed", "orders-1");
        assertThat(console.submit(abort, hanging + "/abort", form).statusCode()).isEqualTo(302);

        // then
        assertThat(CLUSTER.security.aborted).singleElement().satisfies(spec -> {
            assertThat(spec.topicPartition()).isEqualTo(new TopicPartition("orders", 1));
            assertThat(spec.producerId()).isEqualTo(2);
            assertThat(spec.producerEpoch()).isEqualTo((short) 3);
            assertThat(spec.coordinatorEpoch()).isEqualTo(5);
        });
        HttpResponse<String> known = console.get(hanging + "/abort?topic=orders&partition=0&producer=1");
        assertThat(known.statusCode()).isEqualTo(400);
        assertThat(known.body()).contains("does not hang");
    }
}
