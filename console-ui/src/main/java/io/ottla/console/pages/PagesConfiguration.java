package io.ottla.console.pages;

import io.ottla.console.security.ApiAnswer;
import java.time.Duration;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What all pages share. */
@Configuration(proxyBeanMethods = false)
public class PagesConfiguration implements WebMvcConfigurer {
    /** In step with htmx.version of the build; a test asks for the file. */
    private static final String HTMX = "classpath:/META-INF/resources/webjars/htmx.org/2.0.10/dist/";

    private static final CacheControl AN_HOUR = CacheControl.maxAge(Duration.ofHours(1));

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/lib/*").addResourceLocations(HTMX).setCacheControl(AN_HOUR);
        registry.addResourceHandler("/assets/*")
                .addResourceLocations("classpath:/io/ottla/console/assets/")
                .setCacheControl(AN_HOUR);
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addRedirectViewController("/", "/brokers");
    }

    /** Answers before any servlet could. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> plainErrors() {
        return factory -> factory.addContextCustomizers(context -> PlainErrors.answerFor(context.getParent()));
    }

    @Bean
    FilterRegistrationBean<UnreadableParameters> unreadableParameters() {
        FilterRegistrationBean<UnreadableParameters> first = new FilterRegistrationBean<>(new UnreadableParameters());
        first.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return first;
    }

    @Bean
    ErrorPages errorPages(ApiAnswer api) {
        return new ErrorPages(api);
    }

    @Bean
    PageAdvice pageAdvice() {
        return new PageAdvice();
    }
}
