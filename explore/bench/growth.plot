# Draws docs/growth.svg from docs/growth.csv.
set datafile separator ","
set terminal svg size 960,380 font "sans-serif,12" background rgb "white"
set output "docs/growth.svg"
set multiplot layout 1,3 margins 0.07,0.985,0.24,0.90 spacing 0.075,0
set logscale y
set grid ytics lc rgb "#dddddd"
set xtics 1
set xrange [-0.2:4.2]
set border 3
set tics nomirror
set xlabel "value of the bound"
set format y "10^{%L}"
unset key
bounds = "capacity octets retransmissions duplicates incarnations"
colors = "#7b3294 #008837 #2b83ba #d95f02 #222222"
only(name, column) = strcol(1) eq name ? column : NaN
set title "distinct states"
plot for [i=1:5] "docs/growth.csv" skip 1 using (only(word(bounds,i), $2)):3 with linespoints lw 2 lc rgb word(colors,i) pt i+3 ps 0.8 title word(bounds,i)
set title "seconds, two workers"
set key at screen 0.5,0.03 center bottom maxrows 1 samplen 2
plot for [i=1:5] "docs/growth.csv" skip 1 using (only(word(bounds,i), $2)):5 with linespoints lw 2 lc rgb word(colors,i) pt i+3 ps 0.8 title word(bounds,i)
unset key
set title "megabytes of the whole process"
set format y "10^{%L}"
plot for [i=1:5] "docs/growth.csv" skip 1 using (only(word(bounds,i), $2)):($6/1e6) with linespoints lw 2 lc rgb word(colors,i) pt i+3 ps 0.8 title word(bounds,i)
