package io.ottla.app.process;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;

/** Tells the operator, once all is up, what runs where: version, listeners, console, folders, ZooKeeper. */
final class ReadyBanner implements ApplicationListener<ApplicationReadyEvent> {
    private static final Logger log = LoggerFactory.getLogger("ottla");

    private final BrokerProcess process;
    private final String version;

    ReadyBanner(BrokerProcess process, String version) {
        this.process = process;
        this.version = version;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        String console = console(event);
        process.whenStarted(broker -> show(broker.facts(), console), failure -> {});
    }

    private void show(List<RunningBroker.Fact> facts, String console) {
        Instant now = Instant.now();
        Instant launched = ProcessHandle.current().info().startInstant().orElse(now);
        long millis = Duration.between(launched, now).toMillis();
        log.info("Ottla {} serves, {} s after launch", version, millis / 1000 + "." + millis % 1000 / 100);
        for (RunningBroker.Fact fact : facts) {
            log.info("  {} {}", pad(fact.name()), fact.value());
        }
        log.info("  {} {}", pad("console"), console);
    }

    private static String console(ApplicationReadyEvent event) {
        if (!(event.getApplicationContext() instanceof WebServerApplicationContext web) || web.getWebServer() == null) {
            return "off";
        }
        var environment = event.getApplicationContext().getEnvironment();
        String scheme = environment.getProperty("server.ssl.enabled", Boolean.class, false)
                        || environment.containsProperty("server.ssl.bundle")
                        || environment.containsProperty("server.ssl.key-store")
                ? "https"
                : "http";
        String address = environment.getProperty("server.address", "127.0.0.1");
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        return scheme + "://" + host + ":" + web.getWebServer().getPort() + "/";
    }

    private static String pad(String name) {
        return name + " ".repeat(Math.max(0, 10 - name.length()));
    }
}
