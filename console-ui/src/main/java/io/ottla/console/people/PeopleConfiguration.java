package io.ottla.console.people;

import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.clusters.DataFolder;
import io.ottla.console.state.ConsoleStore;
import io.ottla.console.state.FileStore;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.state.Repeated;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Who may log in, and where that is kept: in the store that the process brings, else in files. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PeopleProperties.class)
@Import({PeopleController.class, PeopleResource.class})
public class PeopleConfiguration {
    private static final Duration SWEEP = Duration.ofMinutes(10);

    @Bean
    KnownEntries knownEntries(ObjectProvider<ConsoleStore> store, DataFolder folder) {
        return new KnownEntries(
                store.getIfAvailable(() -> new FileStore(folder.path().resolve("state"))), InstantSource.system());
    }

    @Bean
    Passwords passwords() {
        return new Passwords(new SecureRandom());
    }

    @Bean
    People people(
            PeopleProperties properties,
            @Value("${console.admin.password:}") String adminPassword,
            KnownEntries entries,
            Passwords passwords) {
        Map<String, Person> configured = new TreeMap<>(properties.people());
        if (!adminPassword.isEmpty()) {
            configured.put(
                    FirstAdmin.NAME,
                    PeopleProperties.person(
                            FirstAdmin.NAME,
                            adminPassword,
                            "console.admin.password",
                            List.of(Grant.everywhere(Role.ADMIN))));
        }
        return new People(configured, entries, passwords, new SecureRandom(), InstantSource.system());
    }

    @Bean
    FirstAdmin firstAdmin(People people, KnownEntries entries, DataFolder folder, Passwords passwords) {
        return new FirstAdmin(
                people.configured(FirstAdmin.NAME),
                entries,
                folder.path(),
                passwords,
                new SecureRandom(),
                InstantSource.system());
    }

    @Bean
    Sessions sessions(KnownEntries entries, People people) {
        return new Sessions(entries, people, new SecureRandom(), InstantSource.system());
    }

    @Bean
    Tokens tokens(KnownEntries entries, People people) {
        return new Tokens(entries, people, new SecureRandom(), InstantSource.system());
    }

    @Bean
    Repeated sweeper(Sessions sessions, Tokens tokens) {
        return new Repeated("ottla-console-sweep", SWEEP, () -> {
            sessions.sweep();
            tokens.sweep();
        });
    }
}
