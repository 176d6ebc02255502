package explore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Axis is a field and the values that a sweep gives it, in order.
type Axis struct {
	Field  string
	Values []string
	// Ordered: the values are numbers that rise.
	Ordered bool
}

// MaxSweep is how many points a sweep has at most.
const MaxSweep = 1000

// ParseAxis reads FIELD=a..b or FIELD=x,y,z.
func ParseAxis(text string) (Axis, error) {
	s, err := ParseSetting(text)
	if err != nil {
		return Axis{}, fmt.Errorf("%q: want FIELD=a..b, or FIELD=x,y,z", text)
	}
	f, err := FindField(s.Field)
	if err != nil {
		return Axis{}, err
	}
	if !f.Numeric && f.Values == nil {
		return Axis{}, fmt.Errorf("field %q is text: want one with numbers or named values", f.Name)
	}
	a := Axis{Field: f.Name, Ordered: f.Numeric}
	if low, high, ok := strings.Cut(s.Value, ".."); ok {
		if !f.Numeric {
			return Axis{}, fmt.Errorf("%s: %q: want some of %q, with commas between", f.Name, s.Value, f.Values)
		}
		from, err1 := strconv.Atoi(low)
		to, err2 := strconv.Atoi(high)
		if err1 != nil || err2 != nil || from > to || to-from >= MaxSweep {
			return Axis{}, fmt.Errorf("%s: %q: want two numbers a..b, a not above b and at most %d values", f.Name, s.Value, MaxSweep)
		}
		for n := from; n <= to; n++ {
			a.Values = append(a.Values, strconv.Itoa(n))
		}
	} else {
		a.Values = strings.Split(s.Value, ",")
	}
	scratch := base("", "")
	last := -1
	for i, v := range a.Values {
		if err := f.Set(&scratch, v); err != nil {
			return Axis{}, fmt.Errorf("%s: %w", f.Name, err)
		}
		v = f.Get(&scratch)
		if slices.Contains(a.Values[:i], v) {
			return Axis{}, fmt.Errorf("%s: %q is given twice", f.Name, v)
		}
		a.Values[i] = v
		if n, err := strconv.Atoi(v); err == nil && n > last {
			last = n
		} else if v != "unlimited" || i != len(a.Values)-1 {
			a.Ordered = false
		}
	}
	return a, nil
}

// Point is a scenario of a sweep and what was found there.
type Point struct {
	Values []string // one for each axis
	Report *Report
	Err    error // why there is no such scenario
}

// Outcome is the verdict on property i.
func (p *Point) Outcome(i int) Outcome {
	if p.Report == nil {
		return Unknown
	}
	return p.Report.Properties[i].Outcome
}

// Sweep checks the scenario with every combination of values, the last axis
// varying fastest. When ctx ends the points that are left are not begun, and
// unknown. Begin, if not nil, is called before each point with its settings and
// the options, which it may change.
func Sweep(ctx context.Context, sc *Scenario, axes []Axis, props []*Property, o Options, begin func([]Setting, *Options)) ([]Point, error) {
	total := 1
	for i, a := range axes {
		if slices.ContainsFunc(axes[:i], func(b Axis) bool { return b.Field == a.Field }) {
			return nil, fmt.Errorf("field %s is varied twice", a.Field)
		}
		if total *= len(a.Values); total > MaxSweep {
			return nil, fmt.Errorf("a sweep of more than %d points", MaxSweep)
		}
	}
	o.Decided = true
	var points []Point
	for n := range total {
		p := Point{Values: make([]string, len(axes))}
		var settings []Setting
		for i := len(axes) - 1; i >= 0; i-- {
			k := len(axes[i].Values)
			p.Values[i] = axes[i].Values[n%k]
			n /= k
		}
		for i, a := range axes {
			settings = append(settings, Setting{a.Field, p.Values[i]})
		}
		one := *sc
		if p.Err = one.Set(settings...); p.Err == nil {
			p.Err = one.prepare()
		}
		switch {
		case p.Err != nil:
		case ctx.Err() != nil:
			p.Report = Unseen(ctx, &one, props)
		default:
			o := o
			if begin != nil {
				begin(settings, &o)
			}
			r, err := Check(ctx, &one, props, o)
			if err != nil {
				return nil, err
			}
			p.Report = r
		}
		points = append(points, p)
	}
	return points, nil
}

// Boundary says, for property i, where along an axis the outcome changes, for
// each combination of the other axes' values: sentences, each with the
// combinations that it is true of.
func Boundary(axes []Axis, points []Point, property, along int) []Bound {
	var list []Bound
	seen := map[string]bool{}
	for _, p := range points {
		key := others(axes, p.Values, along)
		if seen[key] {
			continue
		}
		seen[key] = true
		outcomes := make([]string, len(axes[along].Values))
		for _, q := range points {
			if others(axes, q.Values, along) == key {
				at := slices.Index(axes[along].Values, q.Values[along])
				outcomes[at] = q.Outcome(property).String()
				if q.Err != nil {
					outcomes[at] = ""
				}
			}
		}
		says := axes[along].says(outcomes)
		if i := slices.IndexFunc(list, func(b Bound) bool { return b.Says == says }); i >= 0 {
			list[i].With = append(list[i].With, key)
			continue
		}
		list = append(list, Bound{Says: says, With: []string{key}})
	}
	return list
}

// Bound is a sentence about an axis, and the values of the others with which it
// is true; "" where there are no others.
type Bound struct {
	Says string
	With []string
}

// others are the values of all axes but one.
func others(axes []Axis, values []string, but int) string {
	var parts []string
	for i, a := range axes {
		if i != but {
			parts = append(parts, a.Field+"="+values[i])
		}
	}
	return strings.Join(parts, " ")
}

// says describes the outcomes along the axis; "" is where no scenario is.
func (a *Axis) says(outcomes []string) string {
	var values, is []string
	for i, o := range outcomes {
		if o != "" {
			values, is = append(values, a.Values[i]), append(is, o)
		}
	}
	if len(is) == 0 {
		return "no such scenario"
	}
	changes := 0
	at := 0
	for i := 1; i < len(is); i++ {
		if is[i] != is[i-1] {
			changes++
			at = i
		}
	}
	switch {
	case changes == 0:
		return is[0] + " for every " + a.Field
	case changes == 1 && a.Ordered && is[0] == Violated.String() && is[at] == Holds.String():
		return fmt.Sprintf("holds from %s=%s on", a.Field, values[at])
	case changes == 1 && a.Ordered && is[0] == Holds.String() && is[at] == Violated.String():
		return fmt.Sprintf("violated from %s=%s on", a.Field, values[at])
	}
	var parts []string
	for _, o := range []string{Holds.String(), Violated.String(), Unknown.String()} {
		var with []string
		for i, v := range values {
			if is[i] == o {
				with = append(with, v)
			}
		}
		if with != nil {
			parts = append(parts, fmt.Sprintf("%s with %s=%s", o, a.Field, strings.Join(with, ",")))
		}
	}
	return strings.Join(parts, ", ")
}
