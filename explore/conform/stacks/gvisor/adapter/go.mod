module github.com/tcpcheck/tcpcheck/explore/conform/stacks/gvisor/adapter

go 1.26.3

replace github.com/tcpcheck/tcpcheck => ../../../../..

require (
	github.com/tcpcheck/tcpcheck v0.0.0-00010101000000-000000000000
	gvisor.dev/gvisor v0.0.0-20260905035102-160fafc42237
)

require (
	github.com/google/btree v1.1.2 // indirect
	go.yaml.in/yaml/v3 v3.0.6 // indirect
	golang.org/x/exp v0.0.0-20250711185948-6ae5c78190dc // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/time v0.15.0 // indirect
	pgregory.net/rapid v1.3.0 // indirect
)
