package modeltest

import "pgregory.net/rapid"

// FindAll does what [Find] does, goes on after a violation, and returns the
// IDs of all properties broken.
func FindAll(t *rapid.T, cfg Config) map[string]bool {
	m := newMachine(cfg)
	m.broken = map[string]bool{}
	m.drive(t)
	return m.broken
}
