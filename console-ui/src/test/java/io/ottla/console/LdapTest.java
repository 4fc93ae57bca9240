package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People of a directory, which is a real LDAP server in this process. */
class LdapTest {
    private static final TestingCluster cluster = new TestingCluster();

    @TempDir
    static Path folder;

    private static InMemoryDirectoryServer directory;
    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=net");
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("test", InetAddress.getLoopbackAddress(), 0, null));
        config.addAdditionalBindCredentials("cn=manager", "manager-password");
        config.setSchema(null);
        directory = new InMemoryDirectoryServer(config);
        directory.add("dn: dc=example,dc=net", "objectClass: domain", "dc: example");
        directory.add("dn: ou=people,dc=example,dc=net", "objectClass: organizationalUnit", "ou: people");
        directory.add("dn: ou=groups,dc=example,dc=net", "objectClass: organizationalUnit", "ou: groups");
        person("lena");
        person("nobody");
        person("admin");
        directory.add(
                "dn: cn=Kafka operators,ou=groups,dc=example,dc=net",
                "objectClass: groupOfNames",
                "cn: Kafka operators",
                "member: uid=lena,ou=people,dc=example,dc=net",
                "member: uid=admin,ou=people,dc=example,dc=net");
        directory.startListening();
        console = TestingConsole.start(folder, cluster, settings(directory.getListenPort()));
    }

    private static void person(String name) throws Exception {
        directory.add(
                "dn: uid=" + name + ",ou=people,dc=example,dc=net",
                "objectClass: inetOrgPerson",
                "uid: " + name,
                "cn: " + name,
                "sn: " + name,
                "userPassword: " + name + "s-ldap-password");
    }

    private static Map<String, String> settings(int port) {
        return new HashMap<>(Map.of(
                "console.admin.password", TestingPassword.PASSWORD,
                "console.ldap.url", "ldap://127.0.0.1:" + port + "/dc=example,dc=net",
                "console.ldap.manager-dn", "cn=manager",
                "console.ldap.manager-password", "manager-password",
                "console.ldap.user-search-base", "ou=people",
                "console.ldap.group-search-base", "ou=groups",
                "console.ldap.grants[kafka operators].role", "operator",
                "console.ldap.grants[kafka operators].topics", "orders-*"));
    }

    @AfterAll
    static void stop() {
        console.close();
        directory.close();
    }

    @BeforeEach
    void forget() {
        console.forgetCookies();
        cluster.topics.clear();
        cluster.with("orders-eu", 1).with("secret", 1);
    }

    @Test
    void shouldLetSomebodyInWithWhatHisGroupsMay() throws Exception {
        // when
        HttpResponse<String> answer = console.logIn("lena", "lenas-ldap-password");

        // then
        assertThat(answer.headers().firstValue("Location")).contains("/");
        assertThat(console.get("/clusters/ottla/topics").body())
                .contains("orders-eu")
                .doesNotContain("secret");
        assertThat(console.get("/account").body()).contains("operator", "Your password is not kept here");
        assertThat(console.get("/people").statusCode()).isEqualTo(403);
        HttpResponse<String> program = console.sendAnonymously(console.request("/v3/clusters")
                .header("Authorization", TestingConsole.basic("lena", "lenas-ldap-password")));
        assertThat(program.statusCode()).isEqualTo(200);
    }

    @Test
    void shouldRefuseWhoIsWrongOrMayNothing() throws Exception {
        for (String[] attempt : new String[][] {
            {"lena", "wrong-password"},
            {"lena", ""},
            {"nobody", "nobodys-ldap-password"},
            {"stranger", "strangers-ldap-password"},
            {"*", "lenas-ldap-password"},
            {"lena)(uid=*", "lenas-ldap-password"},
            // The console's own administrator is nobody else's.
            {"admin", "admins-ldap-password"}
        }) {
            console.forgetCookies();
            assertThat(console.logIn(attempt[0], attempt[1]).headers().firstValue("Location"))
                    .as(attempt[0])
                    .contains("/login?failed");
        }
        assertThat(console.logIn(TestingPassword.PASSWORD).headers().firstValue("Location"))
                .contains("/");
    }

    @Test
    void shouldBindByAPatternToo() throws Exception {
        Map<String, String> settings = settings(directory.getListenPort());
        settings.put("console.ldap.user-dn-pattern", "uid={0},ou=people");
        try (TestingConsole other = TestingConsole.start(folder, cluster, settings)) {
            assertThat(other.logIn("lena", "lenas-ldap-password").headers().firstValue("Location"))
                    .contains("/");
        }
    }

    @Test
    void shouldSayThatTheDirectoryIsAwayAndKeepLettingItsOwnIn() throws Exception {
        try (TestingConsole alone = TestingConsole.start(folder, cluster, settings(1))) {
            assertThat(alone.logIn("lena", "lenas-ldap-password").headers().firstValue("Location"))
                    .contains("/login?away");
            HttpResponse<String> program = alone.sendAnonymously(alone.request("/v3/clusters")
                    .header("Authorization", TestingConsole.basic("lena", "lenas-ldap-password")));
            assertThat(program.statusCode()).isEqualTo(503);
            assertThat(alone.logIn(TestingPassword.PASSWORD).headers().firstValue("Location"))
                    .contains("/");
        }
    }
}
