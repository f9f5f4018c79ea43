package policyeval

import (
	"errors"
	"fmt"
	"strings"
)

// Effect is what a document says about a request.
type Effect int

const (
	// ImplicitDeny: no statement applies.
	ImplicitDeny Effect = iota
	// Allow: a statement allows and none denies.
	Allow
	// Deny: a statement denies explicitly.
	Deny
)

// String is the effect in AWS's words.
func (e Effect) String() string {
	return [...]string{"implicit deny", "Allow", "Deny"}[e]
}

// Document is a parsed policy document. It is immutable and safe for concurrent use.
type Document struct{ statements []statement }

type statement struct {
	index        int
	sid          string
	effect       Effect
	principals   *principalSet // nil in identity policies
	notPrincipal bool
	actions      []template
	notAction    bool
	resources    []template // empty in trust policies
	notResource  bool
	conditions   []condition
}

// The versions of the policy language; a document without one has the older, which knows no policy variables.
const (
	version2012 = "2012-10-17"
	version2008 = "2008-10-17"
)

// Parse reads a policy document. Unknown elements, operators and versions, empty lists and duplicate members are errors
// that name the statement and the element.
func Parse(json string) (*Document, error) {
	root, err := readJSON(json)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if root.kind != objectValue {
		return nil, errors.New("policy: the document must be an object")
	}
	d := &Document{}
	version := version2008
	var statements *value
	for i, m := range root.members {
		switch m.name {
		case "Version":
			version, err = m.value.string(m.name)
		case "Id":
			_, err = m.value.string(m.name)
		case "Statement":
			statements = &root.members[i].value
		default:
			err = fmt.Errorf("unknown element %q", m.name)
		}
		if err != nil {
			return nil, fmt.Errorf("policy: %w", err)
		}
	}
	if version != version2012 && version != version2008 {
		return nil, fmt.Errorf("policy: element Version: %q must be %q or %q", version, version2012, version2008)
	}
	if statements == nil {
		return nil, errors.New("policy: element Statement is missing")
	}
	if err := d.addStatements(*statements, version == version2012); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return d, nil
}

func (d *Document) addStatements(v value, variables bool) error {
	items := []value{v}
	if v.kind == listValue {
		items = v.list
	}
	if len(items) == 0 {
		return errors.New("element Statement is an empty list")
	}
	for i, item := range items {
		s, err := newStatement(i, item, variables)
		if err != nil {
			return fmt.Errorf("%s: %w", s.label(), err)
		}
		d.statements = append(d.statements, s)
	}
	return nil
}

func newStatement(index int, v value, variables bool) (statement, error) {
	s := statement{index: index}
	if v.kind != objectValue {
		return s, errors.New("a statement must be an object")
	}
	given := map[string]bool{}
	for _, m := range v.members {
		given[m.name] = true
		if err := s.read(m, variables); err != nil {
			return s, err
		}
	}
	for _, pair := range [][2]string{{"Principal", "NotPrincipal"}, {"Action", "NotAction"}, {"Resource", "NotResource"}} {
		if given[pair[0]] && given[pair[1]] {
			return s, fmt.Errorf("%s and %s exclude each other", pair[0], pair[1])
		}
	}
	if !given["Effect"] {
		return s, errors.New("element Effect is missing")
	}
	if !given["Action"] && !given["NotAction"] {
		return s, errors.New("element Action is missing")
	}
	return s, nil
}

// read takes one element of the statement.
func (s *statement) read(m member, variables bool) (err error) {
	switch m.name {
	case "Sid":
		s.sid, err = m.value.string(m.name)
	case "Effect":
		s.effect, err = newEffect(m.value)
	case "Principal", "NotPrincipal":
		s.notPrincipal = m.name == "NotPrincipal"
		s.principals, err = newPrincipalSet(m.name, m.value)
	case "Action", "NotAction":
		s.notAction = m.name == "NotAction"
		s.actions, err = newActions(m)
	case "Resource", "NotResource":
		s.notResource = m.name == "NotResource"
		s.resources, err = newResources(m, variables)
	case "Condition":
		s.conditions, err = newConditions(m.value, variables)
	default:
		err = fmt.Errorf("unknown element %q", m.name)
	}
	return err
}

func newEffect(v value) (Effect, error) {
	name, err := v.string("Effect")
	if err != nil {
		return ImplicitDeny, err
	}
	switch name {
	case "Allow":
		return Allow, nil
	case "Deny":
		return Deny, nil
	}
	return ImplicitDeny, fmt.Errorf("element Effect: %q must be Allow or Deny", name)
}

func newActions(m member) ([]template, error) {
	names, err := m.value.strings(m.name)
	if err != nil {
		return nil, err
	}
	actions := make([]template, len(names))
	for i, name := range names {
		service, action, found := strings.Cut(name, ":")
		if name != "*" && (!found || service == "" || action == "") {
			return nil, fmt.Errorf("%s %q must be * or have the form service:Action", m.name, name)
		}
		t, err := newTemplate(strings.ToLower(name), false, true)
		if err != nil {
			return nil, err
		}
		t.raw = name
		actions[i] = t
	}
	return actions, nil
}

func newResources(m member, variables bool) ([]template, error) {
	names, err := m.value.strings(m.name)
	if err != nil {
		return nil, err
	}
	resources := make([]template, len(names))
	for i, name := range names {
		if name == "" {
			return nil, fmt.Errorf("%s has an empty string", m.name)
		}
		if resources[i], err = newTemplate(name, variables, true); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return resources, nil
}

// label is the Sid, or the place of a statement without one.
func (s statement) label() string {
	if s.sid != "" {
		return s.sid
	}
	return fmt.Sprintf("Statement[%d]", s.index)
}

// Decide evaluates the document alone: the effect and the label of the statement that decided. A statement that names
// the caller's account counts as applying, although it only delegates; [Authorization.Decide] tells the two apart.
func (d *Document) Decide(r Request) (Effect, string, error) {
	r, context, err := r.resolve()
	if err != nil {
		return ImplicitDeny, "", err
	}
	v := d.verdict(r, context)
	switch {
	case v.deny != nil:
		return Deny, v.deny.label(), nil
	case v.direct != nil:
		return Allow, v.direct.label(), nil
	case v.delegated != nil:
		return Allow, v.delegated.label(), nil
	default:
		return ImplicitDeny, "", nil
	}
}

// verdict holds the first statement of each sort that applies.
type verdict struct {
	deny, direct, delegated *statement
}

func (d *Document) verdict(r Request, context requestContext) verdict {
	var v verdict
	for i := range d.statements {
		s := &d.statements[i]
		held := s.applies(r, context)
		switch {
		case held == unnamed:
		case s.effect == Deny:
			first(&v.deny, s)
		case held == direct:
			first(&v.direct, s)
		default:
			first(&v.delegated, s)
		}
	}
	return v
}

func first(slot **statement, s *statement) {
	if *slot == nil {
		*slot = s
	}
}

// applies tells how the statement holds the caller; unnamed when it does not apply.
func (s *statement) applies(r Request, context requestContext) grip {
	held := s.holds(r.Principal)
	if held == unnamed || !s.covers(r.Action) || !s.reaches(r.Resource, context) {
		return unnamed
	}
	for _, c := range s.conditions {
		if !c.holds(context) {
			return unnamed
		}
	}
	return held
}

func (s *statement) holds(p Principal) grip {
	switch {
	case s.principals == nil:
		return direct
	case s.notPrincipal:
		return directIf(!s.principals.excepts(p))
	default:
		return s.principals.names(p)
	}
}

func (s *statement) covers(action string) bool {
	action = strings.ToLower(action)
	for _, t := range s.actions {
		if glyphs, _ := t.expand(nil); matches(glyphs, action) {
			return !s.notAction
		}
	}
	return s.notAction
}

func (s *statement) reaches(resource string, context requestContext) bool {
	if len(s.resources) == 0 {
		return true
	}
	matched := false
	for _, t := range s.resources {
		glyphs, ok := t.expand(context)
		if !ok {
			// AWS: a variable that cannot be resolved makes the statement invalid, so it must not apply.
			return false
		}
		matched = matched || matchesResource(glyphs, resource)
	}
	return matched != s.notResource
}
