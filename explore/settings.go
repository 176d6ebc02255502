package explore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// Setting gives a field of a scenario a value.
type Setting struct{ Field, Value string }

// String is the setting as the command line takes it.
func (s Setting) String() string { return s.Field + "=" + s.Value }

// ParseSetting reads FIELD=VALUE.
func ParseSetting(text string) (Setting, error) {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return Setting{}, fmt.Errorf("%q: want FIELD=VALUE, as in msl=2", text)
	}
	return Setting{name, value}, nil
}

// AllFields lists every field that a [Setting] may name: those of the scenario,
// those of a side as "a.octets" and "b.octets", and the choices of both
// endpoints.
func AllFields() []Field {
	list := Fields()
	for _, c := range model.Choices() {
		var values []string
		for _, v := range c.Values {
			values = append(values, v.Name)
		}
		list = append(list, Field{c.Name, c.Meaning, values, false,
			func(sc *Scenario) string { return c.Get(sc.Behaviours) },
			func(sc *Scenario, v string) error {
				if !slices.Contains(values, v) {
					return fmt.Errorf("%q: want one of %q", v, values)
				}
				return c.Set(&sc.Behaviours, v)
			}})
	}
	for i, side := range sideNames {
		for _, f := range SideFields(i) {
			f.Name = side + "." + f.Name
			list = append(list, f)
		}
	}
	return list
}

// FieldNames lists the names of [AllFields].
func FieldNames() []string {
	var names []string
	for _, f := range AllFields() {
		names = append(names, f.Name)
	}
	return names
}

// FindField returns the field of that name.
func FindField(name string) (Field, error) {
	for _, f := range AllFields() {
		if f.Name == name {
			return f, nil
		}
	}
	for _, f := range SideFields(0) {
		if f.Name == name {
			return Field{}, fmt.Errorf("field %q is a side's: want a.%s or b.%s", name, name, name)
		}
	}
	return Field{}, fmt.Errorf("field %q is not known", name)
}

// Set gives fields their values; a variant, which sets all choices, comes
// first. It does not check that the scenario is possible: [Check] does.
func (sc *Scenario) Set(settings ...Setting) error {
	rank := func(s Setting) int {
		if s.Field == "variant" {
			return 0
		}
		return 1
	}
	ordered := slices.Clone(settings)
	slices.SortStableFunc(ordered, func(a, b Setting) int { return rank(a) - rank(b) })
	for _, s := range ordered {
		f, err := FindField(s.Field)
		if err != nil {
			return err
		}
		if err := f.Set(sc, s.Value); err != nil {
			return fmt.Errorf("%s: %w", s.Field, err)
		}
		if s.Field != "variant" && s.Field != "mutant" {
			sc.Changed = append(slices.DeleteFunc(slices.Clone(sc.Changed), func(c Setting) bool { return c.Field == s.Field }), s)
		}
	}
	return nil
}

func variantNames() []string {
	var names []string
	for _, v := range model.Variants() {
		names = append(names, v.Name)
	}
	return names
}

func mutantNames() []string {
	names := []string{""}
	for _, m := range model.Mutants() {
		names = append(names, m.Name)
	}
	return names
}
