"""What is shown, as plain values: services read them, views draw them; neither knows the other."""
