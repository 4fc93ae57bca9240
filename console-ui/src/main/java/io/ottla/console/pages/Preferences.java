package io.ottla.console.pages;

import io.ottla.console.security.Paths;
import io.ottla.console.words.Words;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.i18n.AcceptHeaderLocaleResolver;

/** What a reader likes, kept by his browser: language and colours. */
@Controller
final class Preferences {
    private static final String LANGUAGE = "OTTLA_LANGUAGE";
    private static final String THEME = "OTTLA_THEME";
    private static final List<String> THEMES = List.of("light", "dark");
    private static final Duration YEAR = Duration.ofDays(365);

    /** The language that the reader chose, else the one that his browser prefers. */
    static final class Language extends AcceptHeaderLocaleResolver {
        Language() {
            setSupportedLocales(Words.LANGUAGES);
            setDefaultLocale(Words.LANGUAGES.getFirst());
        }

        @Override
        public Locale resolveLocale(HttpServletRequest request) {
            String chosen = cookie(request, LANGUAGE);
            for (Locale language : Words.LANGUAGES) {
                if (language.toLanguageTag().equals(chosen)) {
                    return language;
                }
            }
            return super.resolveLocale(request);
        }
    }

    /** {@code light} or {@code dark}, or nothing: then his system chooses. */
    static String theme(HttpServletRequest request) {
        String chosen = cookie(request, THEME);
        return THEMES.contains(chosen) ? chosen : "";
    }

    @PostMapping("/preferences")
    String keep(
            @RequestParam(required = false) String language,
            @RequestParam(required = false) String theme,
            @RequestParam(defaultValue = "/") String to,
            HttpServletResponse response) {
        if (language != null && Words.LANGUAGES.contains(Locale.forLanguageTag(language))) {
            keep(LANGUAGE, language, response);
        }
        if (theme != null) {
            keep(THEME, THEMES.contains(theme) ? theme : "", response);
        }
        return "redirect:" + (Paths.isOurs(to) ? to : "/");
    }

    private static void keep(String name, String value, HttpServletResponse response) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name, value)
                        .httpOnly(true)
                        .sameSite("Strict")
                        .path("/")
                        .maxAge(value.isEmpty() ? Duration.ZERO : YEAR)
                        .build()
                        .toString());
    }

    private static String cookie(HttpServletRequest request, String name) {
        if (request.getCookies() != null) {
            for (Cookie cookie : request.getCookies()) {
                if (cookie.getName().equals(name)) {
                    return cookie.getValue();
                }
            }
        }
        return "";
    }
}
