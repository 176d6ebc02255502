module github.com/tcpcheck/tcpcheck/explore/conform/stacks/seqs/adapter

go 1.26.0

replace github.com/tcpcheck/tcpcheck => ../../../../..

require (
	github.com/soypat/seqs v0.0.0-20260125140838-2c1c6b1bd69e
	github.com/tcpcheck/tcpcheck v0.0.0-00010101000000-000000000000
)

require (
	go.yaml.in/yaml/v3 v3.0.6 // indirect
	pgregory.net/rapid v1.3.0 // indirect
)
