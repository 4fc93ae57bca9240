package io.ottla.console.security;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.pages.ApiList;
import io.ottla.console.people.GrantData;
import io.ottla.console.people.People;
import io.ottla.console.people.Person;
import io.ottla.console.people.Sessions;
import io.ottla.console.people.Tokens;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What everybody sees and changes of himself, for programs. */
@RestController
@RequestMapping(path = "/api/v1/account", produces = MediaType.APPLICATION_JSON_VALUE)
final class AccountResource {
    private final People people;
    private final Tokens tokens;
    private final Sessions sessions;
    private final OwnAccount own;

    AccountResource(People people, Tokens tokens, Sessions sessions, OwnAccount own) {
        this.people = people;
        this.tokens = tokens;
        this.sessions = sessions;
        this.own = own;
    }

    /**
     * Who asks.
     *
     * @param passwordHere whether the console keeps his password, so that he can change it here
     * @param tokensHere whether he may have tokens
     */
    record AccountData(
            String kind,
            String name,
            @JsonProperty("has_password_here") boolean passwordHere,
            @JsonProperty("has_tokens_here") boolean tokensHere,
            List<GrantData> grants) {}

    /**
     * A token, without itself.
     *
     * @param id by which it is revoked
     */
    record TokenData(
            String kind,
            String id,
            String label,
            @JsonProperty("made_at") Instant made,
            @JsonProperty("expires_at") Instant expires) {
        static TokenData of(Tokens.Shown token) {
            return new TokenData("Token", token.name(), token.label(), token.made(), token.expires());
        }
    }

    /** A new token, which nobody sees again. */
    record MadeToken(String kind, String token) {}

    /** The body of a request that makes a token. */
    record NewToken(String label, Integer days) {}

    /** The body of a request that changes one's own password. */
    record OwnPassword(@JsonProperty("old_password") String old, String password) {
        @Override
        public String toString() {
            return "OwnPassword[]";
        }
    }

    @GetMapping
    AccountData account(ConsoleVisit visit) {
        Optional<Person> person = people.find(visit.visitor().name());
        return new AccountData(
                "Account",
                visit.visitor().name(),
                person.filter(Person::hasPasswordHere).isPresent(),
                person.isPresent(),
                GrantData.of(visit.visitor().grants()));
    }

    @PutMapping(path = "/password", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> password(
            ConsoleVisit visit,
            @RequestBody OwnPassword body,
            HttpServletRequest request,
            HttpServletResponse response) {
        own.setPassword(visit, text(body.old()), text(body.password()), request, response);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/tokens")
    ApiList<TokenData> tokens(ConsoleVisit visit, HttpServletRequest request) {
        return ApiList.of(
                "TokenList",
                request,
                tokens.of(visit).stream().map(TokenData::of).toList());
    }

    @PostMapping(path = "/tokens", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<MadeToken> make(ConsoleVisit visit, @RequestBody NewToken body, HttpServletRequest request) {
        String token = own.makeToken(visit, text(body.label()), body.days() == null ? 0 : body.days(), request);
        return ResponseEntity.status(HttpServletResponse.SC_CREATED)
                .header("Cache-Control", "no-store")
                .body(new MadeToken("MadeToken", token));
    }

    @DeleteMapping("/tokens/{id}")
    ResponseEntity<Void> revoke(ConsoleVisit visit, @PathVariable String id) {
        tokens.remove(visit, id);
        return ResponseEntity.noContent().build();
    }

    @DeleteMapping("/sessions")
    ResponseEntity<Void> endSessions(ConsoleVisit visit) {
        sessions.endOwn(visit);
        return ResponseEntity.noContent().build();
    }

    private static String text(String given) {
        return given == null ? "" : given;
    }
}
