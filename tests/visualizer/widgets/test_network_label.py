"""The name of a network that is not the file's can be pointed at where the headline says it, and nowhere else."""


def test_there_is_a_cell_only_where_the_headline_names_another_network(open_window, press):
    window = open_window()
    label, session = window.view.network_label, window.session
    assert label.grid(session) is None
    session.show_network(session.base_network, "epoch 3 of 10")
    assert label.grid(session) == (1, 1)
    window.headline.names_network = False
    window.refresh()
    assert "epoch 3" not in window.headline.subject.text
    assert label.grid(session) is None
