//go:build !linux

package main

import "errors"

// addressSpace is not known here.
func addressSpace() (uint64, error) { return 0, errors.ErrUnsupported }
