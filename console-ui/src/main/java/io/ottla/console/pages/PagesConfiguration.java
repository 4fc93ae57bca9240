package io.ottla.console.pages;

import io.ottla.console.access.Visits;
import io.ottla.console.security.ApiAnswer;
import io.ottla.console.words.Words;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.CacheControl;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What all pages share. */
@Configuration(proxyBeanMethods = false)
public class PagesConfiguration implements WebMvcConfigurer {
    /** In step with htmx.version and htmx-sse.version of the build; a test asks for the files. */
    private static final String HTMX = "classpath:/META-INF/resources/webjars/htmx.org/2.0.10/dist/";

    private static final String SSE = "classpath:/META-INF/resources/webjars/htmx-ext-sse/2.2.2/";

    /** In step with swagger-ui.version, likewise. */
    private static final String SWAGGER_UI = "classpath:/META-INF/resources/webjars/swagger-ui/5.34.1/";

    private static final CacheControl AN_HOUR = CacheControl.maxAge(Duration.ofHours(1));

    private final Visits visits;

    PagesConfiguration(Visits visits) {
        this.visits = visits;
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/lib/*")
                .addResourceLocations(HTMX, SSE)
                .setCacheControl(AN_HOUR);
        // Its own page and its example, which asks another site, are left out.
        registry.addResourceHandler("/assets/api/{file:swagger-ui-bundle\\.js|swagger-ui\\.css}")
                .addResourceLocations(SWAGGER_UI)
                .setCacheControl(AN_HOUR);
        registry.addResourceHandler("/assets/*")
                .addResourceLocations("classpath:/io/ottla/console/assets/")
                .setCacheControl(AN_HOUR);
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new VisitArgument(visits));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new ReadNames());
        registry.addInterceptor(new RoleGate(visits));
    }

    @Bean
    MessageSource messageSource() {
        return Words.source();
    }

    @Bean
    LocaleResolver localeResolver() {
        return new Preferences.Language();
    }

    @Bean
    Preferences preferences() {
        return new Preferences();
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
    ErrorPages errorPages(ApiAnswer api, PageAdvice pages) {
        return new ErrorPages(api, pages);
    }

    @Bean
    PageAdvice pageAdvice(List<Section> sections, List<TopicTab> tabs) {
        return new PageAdvice(sections, tabs);
    }
}
