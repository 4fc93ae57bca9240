package io.ottla.console.people;

import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.state.ConsoleStore.Entry;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KnownEntries;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Makes the first administrator of a cluster: once, whichever of its brokers comes first, with a password that is said once in
 * that broker's log. Where {@code console.admin.password} is set nobody is made; where an earlier version left its {@code
 * admin.password}, that is taken over.
 *
 * <p>While the store can't be reached it is tried again, every second.
 */
public final class FirstAdmin implements SmartLifecycle {
    /** What he is called. */
    public static final String NAME = "admin";

    private static final Logger log = LoggerFactory.getLogger("ottla");
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final boolean given;
    private final KnownEntries entries;
    private final PasswordFile file;
    private final Passwords passwords;
    private final SecureRandom random;
    private final InstantSource clock;
    private volatile CountDownLatch end;

    /** What is tried: made once, so that it is known again if the answer to it is lost. */
    private byte[] content;
    /** Null where an earlier version's is taken over. */
    private String password;

    private boolean told;

    /**
     * @param given whether the configuration has his password
     * @param folder in which an earlier version may have left his password
     */
    public FirstAdmin(
            boolean given,
            KnownEntries entries,
            Path folder,
            Passwords passwords,
            SecureRandom random,
            InstantSource clock) {
        this.given = given;
        this.entries = entries;
        this.file = new PasswordFile(folder);
        this.passwords = passwords;
        this.random = random;
        this.clock = clock;
    }

    /** Tries once, and goes on behind the start where that fails: nobody can log in meanwhile, and the broker is not disturbed. */
    @Override
    public void start() {
        CountDownLatch stopped = new CountDownLatch(1);
        end = stopped;
        if (given) {
            log.info("The console's user is admin, and console.admin.password is the password");
        } else if (!isMade()) {
            Thread.ofVirtual().name("ottla-first-admin").start(() -> goOn(stopped));
        }
    }

    private void goOn(CountDownLatch stopped) {
        try {
            while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS) && !isMade()) {
                log.debug("The console's administrator is made later");
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isMade() {
        try {
            Optional<Entry> there = entries.ask(Folder.PEOPLE, NAME);
            if (there.isEmpty() && !entries.names(Folder.PEOPLE).isEmpty()) {
                return true; // Somebody has removed him, and others are left.
            }
            if (there.isEmpty()) {
                prepare();
                entries.create(Folder.PEOPLE, NAME, content);
                there = entries.ask(Folder.PEOPLE, NAME);
            }
            if (there.isEmpty()) {
                return false;
            }
            say(there.get());
            return true;
        } catch (ClusterFailure | IOException | IllegalArgumentException unusable) {
            if (!told) {
                log.error(
                        "Nobody new can log in to the console, since its people can't be kept: {}. It is tried again",
                        unusable.getMessage());
                told = true;
            }
            return false;
        }
    }

    private void prepare() throws IOException {
        if (content != null) {
            return;
        }
        Optional<String> left = file.read();
        String made = left.isPresent() ? null : NewPassword.make(random);
        KeptPerson admin = new KeptPerson(
                Secrets.mark(random),
                left.isPresent() ? left.get() : passwords.hash(made),
                List.of(GrantText.of(Grant.everywhere(Role.ADMIN))),
                Secrets.mark(random),
                clock.millis(),
                false);
        content = Json.write(admin);
        password = made;
    }

    private void say(Entry there) {
        if (content != null && Arrays.equals(content, there.content())) {
            if (password == null) {
                log.info("The console's user is admin, and his password is that of {}", file.path());
                return;
            }
            log.info("The console's user is admin with the password {}", password);
            log.info("It is said this once, for all brokers of the cluster. Lost it? Set console.admin.password");
        } else if (content != null || file.isThere()) {
            log.info(
                    "The console's user admin is there already: the first broker that started has said or kept his password");
        }
        password = null;
    }

    @Override
    public void stop() {
        CountDownLatch running = end;
        if (running != null) {
            running.countDown();
            end = null;
        }
    }

    @Override
    public boolean isRunning() {
        return end != null;
    }

    /** Behind the broker, before the web server. */
    @Override
    public int getPhase() {
        return 0;
    }
}
