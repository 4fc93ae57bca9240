package io.ottla.app.command;

import io.ottla.app.process.BrokerProcess;
import io.ottla.app.process.FreePorts;
import io.ottla.config.SourcedValue;
import io.ottla.metrics.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts Spring around the broker. The broker begins as soon as logging works, on its own thread, and so listens while
 * Spring still builds the console.
 *
 * <p>A training run for the JVM's AOT cache ({@code spring.context.exit=onRefresh}) begins no broker: it touches no
 * folder, no port and no ZooKeeper.
 */
final class SpringProcess {
    static final String CONFIG_LOCATION = "spring.config.location";

    private static final int FEW_PROCESSORS = 3;

    /** A broker that takes longer recovers its logs, and the probes have to answer meanwhile. */
    private static final Duration HEAD_START = Duration.ofSeconds(3);

    private final Class<?> application;
    private final Settings settings;
    private final Metrics metrics;
    private final BrokerProcess process;

    SpringProcess(Class<?> application, Settings settings, Metrics metrics, BrokerProcess process) {
        this.application = application;
        this.settings = settings;
        this.metrics = metrics;
        this.process = process;
    }

    /** Starts; returns whether all is up. What stopped it has been said then. */
    boolean run() {
        PreparedContext.useIfItHolds(application, settings.spring().keySet());
        SpringApplication spring = application(application, settings.spring());
        spring.addInitializers(this::prepared);
        // Spring closes the broker with its context; this is for a stop that comes before the context stands.
        SpringApplication.getShutdownHandlers().add(process::close);
        try {
            spring.run();
            return true;
        } catch (SpringApplication.AbandonedRunException seen) {
            throw seen; // The build has seen what it wants to see.
        } catch (RuntimeException | Error reported) {
            process.close();
            return false;
        }
    }

    /** Spring's application, which heeds these settings over all others. */
    static SpringApplication application(Class<?> application, Map<String, SourcedValue> given) {
        Map<String, Object> properties = new TreeMap<>();
        // One file configures the process: an application.properties that happens to lie in the working directory does
        // not.
        properties.put(CONFIG_LOCATION, "classpath:/application.yaml");
        given.forEach((name, value) -> properties.put(name, value.value()));
        SpringApplication spring = new SpringApplication(application);
        spring.setWebApplicationType(WebApplicationType.SERVLET);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setLogStartupInfo(false);
        spring.addListeners(new GivenSettings(properties));
        return spring;
    }

    private void prepared(ConfigurableApplicationContext context) {
        Logger log = LoggerFactory.getLogger("ottla");
        settings.warnings().forEach(warning -> log.warn("{}", warning));
        context.getBeanFactory().registerSingleton("brokerMetrics", metrics);
        context.getBeanFactory().registerSingleton("brokerConfig", settings.broker());
        context.getBeanFactory().registerSingleton("brokerProcess", process);
        if (TrainingRun.isOne()) {
            TrainingRun.train(process);
        } else if (!PreparedContext.isInTheMaking()) {
            FreePorts.require(settings.broker(), context.getEnvironment());
            begin();
        }
    }

    /** Where processors are few, the console does not compete for them before clients are served. */
    private void begin() {
        // Spring's own hook is not there yet, and then waits until its context stands: a start is ended at once.
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("ottla-signal").unstarted(process::abandonStart));
        process.begin();
        if (Runtime.getRuntime().availableProcessors() <= FEW_PROCESSORS) {
            try {
                process.await(HEAD_START);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
