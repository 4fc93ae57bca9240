package io.ottla.console.people;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.access.Needs;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.ApiList;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
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

/** Who may log in, for programs of administrators. */
@RestController
@RequestMapping(path = "/api/v1/people", produces = MediaType.APPLICATION_JSON_VALUE)
final class PeopleResource {
    private final People people;
    private final Sessions sessions;

    PeopleResource(People people, Sessions sessions) {
        this.people = people;
        this.sessions = sessions;
    }

    /**
     * Somebody; nothing of his password.
     *
     * @param origin {@code configured} or {@code added}: those of the configuration are changed there alone
     */
    record PersonData(
            String kind,
            String name,
            String origin,
            @JsonProperty("is_changeable") boolean changeable,
            boolean disabled,
            List<GrantData> grants) {
        static PersonData of(Person person) {
            return new PersonData(
                    "Person",
                    person.name(),
                    person.origin().name().toLowerCase(Locale.ROOT),
                    person.hasPasswordHere(),
                    person.disabled(),
                    GrantData.of(person.grants()));
        }
    }

    /** The body of a request that adds somebody. */
    record NewPerson(String name, String password, List<GrantData> grants) {
        @Override
        public String toString() {
            return "NewPerson[name=" + name + "]";
        }
    }

    /** The body of a request that changes what somebody may. */
    record Grants(List<GrantData> grants) {}

    /** The body of a request that sets a password. */
    record NewPassword(String password) {
        @Override
        public String toString() {
            return "NewPassword[]";
        }
    }

    @GetMapping
    ApiList<PersonData> all(ConsoleVisit visit, HttpServletRequest request) {
        return ApiList.of(
                "PersonList",
                request,
                people.all(visit).stream().map(PersonData::of).toList());
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PersonData> add(ConsoleVisit visit, @RequestBody NewPerson body, HttpServletRequest request) {
        String name = text(body.name());
        people.add(visit, name, text(body.password()), GrantData.texts(body.grants()));
        return ResponseEntity.created(URI.create(request.getRequestURI() + "/" + Addresses.segment(name)))
                .body(PersonData.of(people.get(visit, name)));
    }

    @GetMapping("/{name}")
    PersonData one(ConsoleVisit visit, @PathVariable String name) {
        return PersonData.of(people.get(visit, name));
    }

    /** All that he had before is replaced. */
    @Needs(Action.EDIT_PEOPLE)
    @PutMapping(path = "/{name}/grants", consumes = MediaType.APPLICATION_JSON_VALUE)
    PersonData grant(ConsoleVisit visit, @PathVariable String name, @RequestBody Grants body) {
        people.grant(visit, name, GrantData.texts(body.grants()));
        return PersonData.of(people.get(visit, name));
    }

    @Needs(Action.EDIT_PEOPLE)
    @PutMapping(path = "/{name}/password", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> password(ConsoleVisit visit, @PathVariable String name, @RequestBody NewPassword body) {
        people.setPassword(visit, name, text(body.password()));
        return ResponseEntity.noContent().build();
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping("/{name}/disable")
    ResponseEntity<Void> disable(ConsoleVisit visit, @PathVariable String name) {
        people.disable(visit, name, true);
        return ResponseEntity.noContent().build();
    }

    @Needs(Action.EDIT_PEOPLE)
    @PostMapping("/{name}/enable")
    ResponseEntity<Void> enable(ConsoleVisit visit, @PathVariable String name) {
        people.disable(visit, name, false);
        return ResponseEntity.noContent().build();
    }

    /** Logs him out everywhere; also one whom a directory or a provider knows, who is in no list. */
    @Needs(Action.EDIT_PEOPLE)
    @DeleteMapping("/{name}/sessions")
    ResponseEntity<Void> endSessions(ConsoleVisit visit, @PathVariable String name) {
        sessions.endAll(visit, name);
        return ResponseEntity.noContent().build();
    }

    @Needs(Action.EDIT_PEOPLE)
    @DeleteMapping("/{name}")
    ResponseEntity<Void> remove(ConsoleVisit visit, @PathVariable String name) {
        people.remove(visit, name);
        return ResponseEntity.noContent().build();
    }

    private static String text(String given) {
        return given == null ? "" : given;
    }
}
