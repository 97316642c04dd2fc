//! The same document otherwise, and documents that lack something.

use fastrand::Rng;

use crate::document::{Inside, Node, Origin};
use crate::outline::{Kind, Occurs};

/// Puts the children of every element into another order. Items stay in theirs: it means something.
pub(crate) fn shuffle(node: &mut Node, rng: &mut Rng) {
    let is_list = node.is_list();
    if let Inside::Nodes(nodes) = &mut node.content {
        if !is_list {
            rng.shuffle(nodes);
        }
        for node in nodes {
            shuffle(node, rng);
        }
    }
}

/// Puts elements and attributes that nobody knows next to those that are listed, between items too.
pub(crate) fn add_strangers(node: &mut Node, rng: &mut Rng) {
    node.attributes.push(("contoso".to_owned(), "unknown".to_owned()));
    let namespace = node.namespace.clone();
    let Inside::Nodes(nodes) = &mut node.content else { return };
    for node in nodes.iter_mut() {
        add_strangers(node, rng);
    }
    for stranger in strangers(nodes, &namespace) {
        nodes.insert(rng.usize(..=nodes.len()), stranger);
    }
}

/// One of an unknown name with known names inside, and one of a known name in another namespace.
fn strangers(nodes: &[Node], namespace: &str) -> Vec<Node> {
    let inside = nodes.iter().take(1).cloned().collect();
    let mut strangers = vec![stranger("Contoso", namespace, Inside::Nodes(inside))];
    if let Some(neighbour) = nodes.first() {
        let text = Inside::Text("fabrikam".to_owned(), Kind::Text);
        strangers.push(stranger(&neighbour.name, "urn:fabrikam", text));
    }
    strangers
}

fn stranger(name: &str, namespace: &str, content: Inside) -> Node {
    let origin = Origin {
        occurs: Occurs::Optional,
        other_name: None,
        described: "an element that is not listed".to_owned(),
    };
    Node {
        name: name.to_owned(),
        namespace: namespace.to_owned(),
        attributes: Vec::new(),
        content,
        origin,
    }
}

/// The way from the root to an element, by the number of the child.
pub(crate) type Way = Vec<usize>;

/// The ways to all elements below the root.
pub(crate) fn ways(root: &Node) -> Vec<Way> {
    let mut found = Vec::new();
    let mut open: Vec<(Way, &Node)> = vec![(Way::new(), root)];
    while let Some((way, node)) = open.pop() {
        for (at, child) in node.children().iter().enumerate() {
            let mut way = way.clone();
            way.push(at);
            found.push(way.clone());
            open.push((way, child));
        }
    }
    found
}

/// The element at the end of the way.
pub(crate) fn at<'a>(root: &'a Node, way: &[usize]) -> &'a Node {
    way.iter().fold(root, |node, &at| &node.children()[at])
}

/// The document without what is optional beside the way, and the way in it: a small document that
/// still has everything that a model could require.
pub(crate) fn along(root: &Node, way: &[usize]) -> (Node, Way) {
    let mut root = root.clone();
    let mut new_way = Way::new();
    let mut node = &mut root;
    for (depth, &at) in way.iter().enumerate() {
        let Inside::Nodes(nodes) = &mut node.content else { break };
        let mut on_the_way = nodes.split_off(at);
        let mut after = on_the_way.split_off(1);
        if depth + 1 < way.len() {
            nodes.retain(is_small);
            after.retain(is_small);
        }
        new_way.push(nodes.len());
        nodes.append(&mut on_the_way);
        nodes.append(&mut after);
        node = &mut node.children_mut()[new_way[depth]];
    }
    (root, new_way)
}

fn is_small(node: &Node) -> bool {
    node.origin.occurs == Occurs::Once || node.children().is_empty()
}

/// The document with another element at the end of the way, or with none.
pub(crate) fn with(root: &Node, way: &[usize], other: Option<Node>) -> Node {
    let mut root = root.clone();
    let (&last, before) = way.split_last().expect("the root cannot be replaced");
    let around = before.iter().fold(&mut root, |node, &at| &mut node.children_mut()[at]);
    if let Inside::Nodes(nodes) = &mut around.content {
        nodes.splice(last..=last, other);
    }
    root
}

/// The three ways to say "nothing": an element that is nil, one with nothing in it, and one closed at
/// once.
pub(crate) fn nothings(node: &Node) -> [Node; 3] {
    let mut closed = node.clone();
    closed.attributes.clear();
    closed.content = Inside::Nodes(Vec::new());
    let mut nil = closed.clone();
    nil.attributes.push(("i:nil".to_owned(), "true".to_owned()));
    let mut empty = closed.clone();
    empty.content = Inside::Text(String::new(), Kind::Text);
    [nil, empty, closed]
}
