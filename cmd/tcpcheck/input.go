package main

import (
	"context"
	"fmt"
	"io"
	"os"
)

// openInput opens a file, or stdin if it is called "-". Opening and reading fail when
// ctx ends, also where nothing comes, as from a pipe.
func openInput(ctx context.Context, name string) (io.ReadCloser, error) {
	if name == "-" {
		return &input{ctx: ctx, file: os.Stdin, slow: true}, nil
	}
	return await(ctx, func() (io.ReadCloser, error) {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		info, err := f.Stat()
		if err == nil && info.IsDir() {
			f.Close()
			return nil, fmt.Errorf("%s is a directory: want a capture or a script", name)
		}
		return &input{ctx: ctx, file: f, slow: err != nil || !info.Mode().IsRegular()}, nil
	})
}

// input is what can be read until ctx ends.
type input struct {
	ctx  context.Context
	file *os.File
	slow bool // it may keep a reader waiting

	buffer, rest []byte // of a slow one
}

// Read reads. What is slow is read into a buffer of its own, which a read that is
// not awaited keeps.
func (in *input) Read(p []byte) (int, error) {
	if err := in.ctx.Err(); err != nil {
		return 0, err
	}
	if !in.slow {
		return in.file.Read(p)
	}
	if len(in.rest) == 0 {
		if in.buffer == nil {
			in.buffer = make([]byte, 1<<16)
		}
		n, err := await(in.ctx, func() (int, error) { return in.file.Read(in.buffer) })
		if n == 0 {
			return 0, err
		}
		in.rest = in.buffer[:n]
	}
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}

// Close closes the file, unless it is stdin.
func (in *input) Close() error {
	if in.file == os.Stdin {
		return nil
	}
	return in.file.Close()
}

// await is what do returns, or the error of ctx if that ends before.
func await[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := do()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
