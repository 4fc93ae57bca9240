package io.ottla.console.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ottla.console.access.AuditEntry;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.access.Forbidden;
import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.people.Person.Origin;
import io.ottla.console.state.Folder;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.state.TestingStore;
import io.ottla.console.state.TestingTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People, sessions and tokens, at two consoles over one store. */
class SessionsTest {
    private static final GrantText VIEWER = new GrantText("viewer", "", "", "");
    private static final GrantText ADMIN = new GrantText("admin", "*", "*", "*");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Passwords PASSWORDS = new Passwords(RANDOM);

    private final TestingStore store = new TestingStore();
    private final TestingTime time = new TestingTime();
    private final List<AuditEntry> trail = new ArrayList<>();
    private final Console first = new Console();
    private final Console second = new Console();
    private final ConsoleVisit admin = visit("root", Role.ADMIN);

    private final class Console {
        final KnownEntries entries = new KnownEntries(store, time);
        final People people = new People(Map.of(), entries, PASSWORDS, RANDOM, time);
        final Sessions sessions = new Sessions(entries, people, RANDOM, time);
        final Tokens tokens = new Tokens(entries, people, RANDOM, time);

        String logIn(String name) {
            return sessions.begin(Login.of(people.find(name).orElseThrow()));
        }
    }

    private ConsoleVisit visit(String name, Role role) {
        return new ConsoleVisit(new Visitor(name, List.of(Grant.everywhere(role))), "127.0.0.1", trail::add, time);
    }

    @BeforeEach
    void addAlice() {
        first.people.add(admin, "alice", "alices-password", List.of(VIEWER));
    }

    @Test
    void shouldKnowASessionAtEveryConsoleAndKeepNoToken() {
        // when
        String token = first.logIn("alice");

        // then
        assertThat(second.sessions.find(token)).hasValueSatisfying(login -> {
            assertThat(login.name()).isEqualTo("alice");
            assertThat(login.grants()).containsExactly(Grant.everywhere(Role.VIEWER));
        });
        assertThat(store.names(Folder.SESSIONS))
                .singleElement()
                .asString()
                .hasSize(64)
                .doesNotContain(token);
        assertThat(second.sessions.find("x".repeat(43))).isEmpty();
        assertThat(second.sessions.find("../people/alice")).isEmpty();
    }

    @Test
    void shouldEndASessionEverywhereWithinSeconds() {
        for (Runnable end : List.<Runnable>of(
                () -> first.people.grant(admin, "alice", List.of(ADMIN)),
                () -> first.people.setPassword(admin, "alice", "another-password"),
                () -> first.people.remove(admin, "alice"))) {
            // given
            String token = first.logIn("alice");
            assertThat(second.sessions.find(token)).isPresent();

            // when
            end.run();
            time.pass(Duration.ofSeconds(3));

            // then
            assertThat(first.sessions.find(token)).isEmpty();
            assertThat(second.sessions.find(token)).isEmpty();
        }
        first.sessions.sweep();
        assertThat(store.names(Folder.SESSIONS)).isEmpty();
    }

    @Test
    void shouldEndASessionAtTheLogout() {
        // given
        String token = first.logIn("alice");
        assertThat(second.sessions.find(token)).isPresent();

        // when
        first.sessions.end(token);
        time.pass(Duration.ofSeconds(3));

        // then
        assertThat(second.sessions.find(token)).isEmpty();
    }

    @Test
    void shouldEndASessionThatIsIdleOrOld() {
        // given
        String idle = first.logIn("alice");
        String used = first.logIn("alice");

        // when, then  who uses it goes on for twelve hours
        for (int halfHours = 1; halfHours < 24; halfHours++) {
            time.pass(Duration.ofMinutes(30));
            assertThat(second.sessions.find(used)).as("after " + halfHours).isPresent();
        }
        assertThat(second.sessions.find(idle)).isEmpty();
        time.pass(Duration.ofMinutes(30));
        assertThat(second.sessions.find(used)).isEmpty();
    }

    @Test
    void shouldWriteASessionSeldom() {
        // given
        String token = first.logIn("alice");

        // when
        for (int i = 0; i < 100; i++) {
            time.pass(Duration.ofSeconds(5));
            first.sessions.find(token);
        }

        // then
        assertThat(store.read(Folder.SESSIONS, Secrets.digest(token))
                        .orElseThrow()
                        .version())
                .isEqualTo(1);
    }

    @Test
    void shouldKeepWhoIsLoggedInWhileTheStoreIsAway() {
        // given
        String token = first.logIn("alice");
        assertThat(first.sessions.find(token)).isPresent();

        // when
        store.away = true;
        time.pass(Duration.ofMinutes(20));

        // then
        assertThat(first.sessions.find(token)).isPresent();
        assertThatExceptionOfType(ClusterFailure.class)
                .isThrownBy(() -> first.people.setPassword(admin, "alice", "another-password"));
        assertThat(trail.getLast().outcome()).isEqualTo(AuditEntry.Outcome.UNKNOWN);
    }

    @Test
    void shouldBoundSessions() {
        // given
        Login login = Login.of(first.people.find("alice").orElseThrow());
        for (int i = 0; i < Folder.SESSIONS.limit(); i++) {
            first.sessions.begin(login);
        }

        // when
        time.pass(Duration.ofMinutes(1));
        String newest = first.sessions.begin(login);

        // then
        assertThat(store.names(Folder.SESSIONS).size()).isLessThanOrEqualTo(Folder.SESSIONS.limit());
        assertThat(second.sessions.find(newest)).isPresent();
    }

    @Test
    void shouldCarryWhatADirectorySaysOfSomebodyInHisSession() {
        // given
        Login login = new Login("carol", Origin.LDAP, List.of(Grant.everywhere(Role.OPERATOR)), "", "");

        // when
        String token = first.sessions.begin(login);

        // then
        assertThat(second.sessions.find(token)).contains(login);
        // and    not when the name is somebody else's
        first.people.add(admin, "carol", "carols-password", List.of(ADMIN));
        time.pass(Duration.ofSeconds(3));
        assertThat(second.sessions.find(token)).isEmpty();
    }

    @Test
    void shouldLetNobodyButAnAdministratorChangePeople() {
        ConsoleVisit operator = visit("bob", Role.OPERATOR);

        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> first.people.add(operator, "mallory", "mallorys-password", List.of(ADMIN)));
        assertThatExceptionOfType(Forbidden.class).isThrownBy(() -> first.people.all(operator));
        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> first.people.grant(operator, "bob", List.of(ADMIN)));
        assertThat(trail.getLast().outcome()).isEqualTo(AuditEntry.Outcome.DENIED);
        assertThat(store.names(Folder.PEOPLE)).containsExactly("alice");
    }

    @Test
    void shouldLeaveAnAdministratorHisOwnLastRight() {
        // given
        first.people.add(admin, "root", "roots-password", List.of(ADMIN, VIEWER));

        // when, then
        assertThatExceptionOfType(ClusterFailure.class)
                .isThrownBy(() -> first.people.grant(admin, "root", List.of(VIEWER)))
                .withMessageContaining("last right");
        assertThatExceptionOfType(ClusterFailure.class)
                .isThrownBy(
                        () -> first.people.grant(admin, "root", List.of(new GrantText("admin", "", "orders-*", ""))));
        assertThatExceptionOfType(ClusterFailure.class).isThrownBy(() -> first.people.remove(admin, "root"));
        first.people.grant(admin, "root", List.of(ADMIN));
    }

    @Test
    void shouldGiveTokensThatEnd() {
        // given
        ConsoleVisit alice = visit("alice", Role.VIEWER);
        String token = first.tokens.make(alice, "backup", 2);

        // when, then
        assertThat(token).startsWith("ottla_");
        assertThat(second.tokens.find(token)).map(Login::name).contains("alice");
        assertThat(second.tokens.of(alice)).extracting(Tokens.Shown::label).containsExactly("backup");
        assertThat(String.valueOf(trail)).doesNotContain(token);
        time.pass(Duration.ofDays(2));
        assertThat(second.tokens.find(token)).isEmpty();

        // and    with their owner, also where another one has his name
        String other = first.tokens.make(alice, "backup", 2);
        first.people.remove(admin, "alice");
        first.people.add(admin, "alice", "another-password", List.of(ADMIN));
        time.pass(Duration.ofSeconds(3));
        assertThat(second.tokens.find(other)).isEmpty();
        first.tokens.sweep();
        assertThat(store.names(Folder.TOKENS)).isEmpty();
    }

    @Test
    void shouldLetNobodyTakeAnothersTokenAway() {
        // given
        first.people.add(admin, "bob", "bobs-password", List.of(ADMIN));
        first.tokens.make(visit("alice", Role.VIEWER), "backup", 2);

        // when, then
        String name = store.names(Folder.TOKENS).getFirst();
        assertThatExceptionOfType(ClusterFailure.class)
                .isThrownBy(() -> second.tokens.remove(visit("bob", Role.ADMIN), name));
        second.tokens.remove(visit("alice", Role.VIEWER), name);
        assertThat(store.names(Folder.TOKENS)).isEmpty();
    }

    @Test
    void shouldMakeOneAdministratorForThreeBrokersThatStartAtOnce(@TempDir Path folder) throws Exception {
        // given
        store.delete(Folder.PEOPLE, "alice", -1);
        List<FirstAdmin> three =
                List.of(firstAdmin(first, folder), firstAdmin(second, folder), firstAdmin(first, folder));

        // when
        List<Thread> threads = three.stream()
                .map(each -> Thread.ofPlatform().start(each::start))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        // then
        assertThat(store.names(Folder.PEOPLE)).containsExactly("admin");
        assertThat(store.read(Folder.PEOPLE, "admin").orElseThrow().version()).isZero();
        three.forEach(FirstAdmin::stop);
    }

    private FirstAdmin firstAdmin(Console console, Path folder) {
        return new FirstAdmin(false, console.entries, folder, PASSWORDS, RANDOM, time);
    }

    @Test
    void shouldTakeAsLongForNobodyAndForgetAnOldPassword() {
        // given
        Person alice = first.people.find("alice").orElseThrow();

        // when, then
        assertThat(PASSWORDS.isRight(null, "alices-password")).isFalse();
        assertThat(PASSWORDS.isRight(alice, "alices-password")).isTrue();
        assertThat(PASSWORDS.isRemembered(alice, "alices-password")).isTrue();
        first.people.setPassword(admin, "alice", "another-password");
        Person changed = first.people.find("alice").orElseThrow();
        assertThat(PASSWORDS.isRemembered(changed, "alices-password")).isFalse();
        assertThat(PASSWORDS.isRight(changed, "alices-password")).isFalse();
        assertThat(PASSWORDS.isRight(changed, "another-password")).isTrue();
    }

    @Test
    void shouldHashAConfiguredPasswordTheSameAtEveryBroker() {
        Person one = PeopleProperties.person("alice", "given-password\n", "x", List.of(Grant.everywhere(Role.VIEWER)));
        Person two = PeopleProperties.person("alice", "given-password", "x", List.of(Grant.everywhere(Role.VIEWER)));
        Person other = PeopleProperties.person("alice", "other-password", "x", List.of(Grant.everywhere(Role.VIEWER)));

        assertThat(one.stamp()).isEqualTo(two.stamp()).isNotEqualTo(other.stamp());
        assertThat(PASSWORDS.isRight(one, "given-password")).isTrue();
    }
}
